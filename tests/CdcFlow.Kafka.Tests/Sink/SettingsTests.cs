using CdcFlow.Configuration;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Kafka.Tests.Sink;

/// <summary>What settings of the sink and of topics have to do with each other.</summary>
public sealed class SettingsTests
{
    private readonly Rig rig = new();

    [Fact]
    public async Task Record_above_the_clients_limit_names_the_setting_and_is_written_once_that_is_raised()
    {
        CreateTopic(("max.message.bytes", "5000000"));
        var large = new string('x', 1_200_000);
        var small = await rig.StartAsync(1);
        var error = await Assert.ThrowsAsync<CdcFlowException>(() => small.WriteAsync(rig.Insert(1, large)));
        Assert.Equal(KafkaSinkErrors.RecordTooLarge, error.Code);
        Assert.Contains("this client sends 1000000", error.Happened, StringComparison.Ordinal);
        Assert.StartsWith("Raise RecordBytesMax to ", error.Fix, StringComparison.Ordinal);

        var raised = await rig.StartAsync(2, attribute => attribute.RecordBytesMax = 2_000_000);
        await raised.WriteAsync(rig.Insert(1, large));
        await raised.CheckpointAsync(1);
        Assert.Single(rig.Keys());
    }

    [Fact]
    public async Task Record_above_the_topics_limit_names_that_and_where_both_are_too_low_both()
    {
        CreateTopic(("max.message.bytes", "5000"));
        var instance = await rig.StartAsync(1, attribute => attribute.RecordBytesMax = 10_000);
        var topics = await Assert.ThrowsAsync<CdcFlowException>(() => instance.WriteAsync(rig.Insert(1, new string('x', 7_000))));
        Assert.StartsWith("Raise the topic's max.message.bytes to ", topics.Fix, StringComparison.Ordinal);
        var both = await Assert.ThrowsAsync<CdcFlowException>(() => instance.WriteAsync(rig.Insert(1, new string('x', 20_000))));
        Assert.StartsWith("Raise the topic's max.message.bytes and RecordBytesMax to ", both.Fix, StringComparison.Ordinal);
    }

    [Fact, Trait("WayOut", "CDCF2051")]
    public void Second_sink_of_a_connection_may_not_give_its_settings_other_values()
    {
        var connection = rig.Make(1).Connection;
        for (var start = 0; start < 2; start++)
        {
            var error = Assert.Throws<CdcFlowException>(() => connection.AddWriter<Account, AccountCodec>(
                new KafkaSinkAttribute("bus") { Topic = "others", MarkerTopic = "elsewhere" }, "others", ConnectorSettings.None));
            Assert.Equal(ErrorCodes.ConnectionSettingDiffers, error.Code);
            Assert.StartsWith("Sink 'others' has MarkerTopic = elsewhere, and connection 'bus' has cdcflow.conformance.bus, of its first sink 'accounts'.", error.Message[10..], StringComparison.Ordinal);
        }

        connection.AddWriter<Account, AccountCodec>(new KafkaSinkAttribute("bus") { Topic = "others", MarkerTopic = "cdcflow.conformance.bus" }, "others", ConnectorSettings.None);
    }

    [Fact]
    public async Task Topic_is_a_place_and_one_of_a_template_is_so_for_each_table()
    {
        CreateTopic();
        var connection = rig.Make(1).Connection;
        connection.AddWriter<Account, AccountCodec>(new KafkaSinkAttribute("bus") { Topic = "{table}" }, "others", ConnectorSettings.None);
        var places = (await connection.PreflightAsync(Rig.Cancellation)).Places;
        Assert.Equal([("accounts", false), ("others", true)], places.Select(place => (place.Owner, place.IsPerTable)));
        Assert.All(places, place => Assert.False(place.IsShareable));
        Assert.EndsWith("CdcFlow:conformance:Sinks:others:Topic.", places[1].Resolution, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1048588", 1_000_000, null)]
    [InlineData("1000000", 1_000_000, null)]
    [InlineData("999999", 1_000_000, "Set RecordBytesMax to 999999; or ")]
    [InlineData("5000000", 1_000_000, "Set RecordBytesMax to 5000000.")]
    [InlineData("5000000", 5_000_000, null)]
    public async Task Preflight_compares_what_the_topic_takes_with_what_the_client_sends(string topic, int client, string? fix)
    {
        CreateTopic(("max.message.bytes", topic));
        var found = await WarningAsync(KafkaSinkErrors.RecordLimitsDiffer, attribute => attribute.RecordBytesMax = client);
        Assert.Equal(fix is null, found is null);
        Assert.StartsWith(fix ?? "", found?.Fix ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3600000", "delete", "CreateTime", true)]
    [InlineData("3600000", "compact,delete", "CreateTime", true)]
    [InlineData("3600000", "compact", "CreateTime", false)]
    [InlineData("3600000", "delete", "LogAppendTime", false)]
    [InlineData("604800000", "delete", "CreateTime", false)]
    [InlineData("-1", "delete", "CreateTime", false)]
    public async Task Preflight_warns_of_a_topic_that_forgets_what_is_written_late(string retention, string policy, string time, bool warns)
    {
        CreateTopic(("retention.ms", retention), ("cleanup.policy", policy), ("message.timestamp.type", time));
        var found = await WarningAsync(KafkaSinkErrors.RetentionShort);
        Assert.Equal(warns, found is not null);
        Assert.Equal(warns, found?.Fix?.Contains("--entity-name accounts --add-config message.timestamp.type=LogAppendTime", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("delete", 1)]
    [InlineData("compact,delete", 1)]
    [InlineData("compact", 2)]
    public async Task Preflight_refuses_a_marker_topic_that_would_lose_the_marker(string policy, int partitions)
    {
        rig.Kafka.CreateTopic(Rig.Markers, partitions, new Dictionary<string, string> { ["cleanup.policy"] = policy });
        var report = await rig.Make(1).Connection.PreflightAsync(Rig.Cancellation);
        var failed = Assert.Single(report.Checks, check => check.Status == PreflightStatus.Failed);
        Assert.Equal(KafkaSinkErrors.MarkerTopicUnfit, failed.Code);
    }

    [Fact]
    public async Task Marker_that_is_larger_than_the_client_sends_stops_the_pipeline_instead_of_a_commit_without_it()
    {
        var instance = await rig.StartAsync(1, attribute => (attribute.RecordBytesMax, attribute.Topic) = (1_000, "{table}"));
        foreach (var table in Enumerable.Range(0, 20).Select(number => $"a-table-of-a-rather-long-name-{number}"))
        {
            await instance.WriteAsync(Change<Account>.Insert(new(1, "Ada", 1m, null), rig.Next(table)));
        }

        var error = await Assert.ThrowsAsync<CdcFlowException>(() => instance.PrepareAsync(1));
        Assert.Equal(KafkaSinkErrors.RecordTooLarge, error.Code);
        Assert.Contains("Raise RecordBytesMax", error.Fix, StringComparison.Ordinal);
    }

    private void CreateTopic(params (string Name, string Value)[] config) =>
        rig.Kafka.CreateTopic(Rig.Topic, 2, config.ToDictionary(setting => setting.Name, setting => setting.Value));

    private async Task<PreflightCheck?> WarningAsync(string code, Action<KafkaSinkAttribute>? configure = null)
    {
        var report = await rig.Make(1, configure).Connection.PreflightAsync(Rig.Cancellation);
        Assert.True(report.Passed);
        return report.Checks.SingleOrDefault(check => check.Status == PreflightStatus.Warning && check.Code == code);
    }
}
