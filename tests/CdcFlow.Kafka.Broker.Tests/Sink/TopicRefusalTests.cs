using CdcFlow.Configuration;
using CdcFlow.Kafka.Broker.Tests.WaysOut;
using CdcFlow.Testing.Conformance.Rows;

namespace CdcFlow.Kafka.Broker.Tests.Sink;

/// <summary>Records that a topic's settings refuse: each stops with a code whose way out is taken, or goes to the dead letters.</summary>
public sealed class TopicRefusalTests(SharedBroker broker)
{
    private const string Size = "max.message.bytes=20000";
    private const string Compacted = $"{Size};cleanup.policy=compact";
    private const string NothingOld = $"{Size};retention.ms=-1;message.timestamp.before.max.ms=3600000";

    private static readonly Change<Account> old = BrokerRig.Insert(2); // of January

    [Fact, Trait("WayOut", "CDCF5251")]
    public async Task Truncate_into_a_compacted_topic_stops_and_each_way_out_goes_on()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        void Compact(KafkaSinkAttribute attribute) => attribute.TopicConfig = Compacted;
        var first = await rig.StartAsync(1, Compact);
        await first.WriteAsync(BrokerRig.Insert(1));
        await first.CheckpointAsync(1);
        await StopsAsync("CDCF5251", "Truncates = Skip", () => first.WriteAsync(Truncate(2)));
        first = await rig.StartAsync(2, Compact);
        var fix = await StopsAsync("CDCF5251", "Truncates = Skip", () => first.WriteAsync(Truncate(2)));

        var skipping = await rig.StartAsync(3, attribute => attribute.Truncates = TruncateMode.Skip);
        await skipping.WriteAsync(Truncate(2), BrokerRig.Insert(3));
        await skipping.CheckpointAsync(2);
        Assert.Equal([1, 3], await rig.CommittedAsync());

        await (await broker.StartAsync()).RunAsync(fix);
        var deleting = await rig.StartAsync(4);
        await deleting.WriteAsync(Truncate(4));
        await deleting.CheckpointAsync(3);
        Assert.Equal("null", (await rig.RecordsAsync(rig.Topic))[^1].Key);
    }

    [Fact]
    public async Task Truncate_into_a_compacted_topic_goes_to_dead_letters_that_are_made_to_take_it()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        void WithLetters(KafkaSinkAttribute attribute) => (attribute.TopicConfig, attribute.DeadLetterTopic) = (Compacted, rig.Letters);
        var first = await rig.StartAsync(1, WithLetters);
        await first.WriteAsync(Truncate(1), BrokerRig.Insert(2));
        await first.CheckpointAsync(1);
        Assert.Equal([2], await rig.CommittedAsync());
        var letter = Assert.Single(await rig.RecordsAsync(rig.Letters));
        Assert.Equal(("null", "CDCF5251", rig.Topic), (letter.Key, letter.Headers["cdc-error"], letter.Headers["cdc-topic"]));
        Assert.Contains(
            (await rig.PreflightAsync(WithLetters)).Checks, check => check is { Status: PreflightStatus.Warning, Code: "CDCF5251" } && check.Sentence.Contains("goes to the dead letters", StringComparison.Ordinal));

        await rig.SetAsync(rig.Letters, "cleanup.policy=compact");
        var second = await rig.StartAsync(2, WithLetters);
        await StopsAsync("CDCF5251", $"--entity-name {rig.Letters} --add-config cleanup.policy=delete", () => second.WriteAsync(Truncate(3)));
        await rig.SetAsync(rig.Letters, "cleanup.policy=delete");
        var third = await rig.StartAsync(3, WithLetters);
        await third.WriteAsync(Truncate(3));
        await third.CheckpointAsync(2);
        Assert.Equal(2, (await rig.RecordsAsync(rig.Letters)).Count);
    }

    [Fact, Trait("WayOut", "CDCF5252")]
    public async Task Record_that_is_too_old_for_its_topic_stops_and_goes_on_with_the_time_of_writing()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        void Fresh(KafkaSinkAttribute attribute) => attribute.TopicConfig = NothingOld;
        var first = await rig.StartAsync(1, Fresh);
        await StopsAsync("CDCF5252", "or set DeadLetterTopic", () => first.WriteAsync(old));
        first = await rig.StartAsync(2, Fresh);
        var fix = await StopsAsync("CDCF5252", "message.timestamp.type=LogAppendTime", () => first.WriteAsync(old));
        Assert.Contains($"--entity-name {rig.Topic} ", fix, StringComparison.Ordinal);
        Assert.Contains((await rig.PreflightAsync()).Checks, check => check is { Status: PreflightStatus.Warning, Code: "CDCF5252" });

        await (await broker.StartAsync()).RunAsync(fix);
        var second = await rig.StartAsync(3);
        await second.WriteAsync(old);
        await second.CheckpointAsync(1);
        Assert.Equal([2], await rig.CommittedAsync());
        Assert.DoesNotContain((await rig.PreflightAsync()).Checks, check => check.Code == "CDCF5252");
    }

    [Fact]
    public async Task Record_that_is_too_old_goes_to_the_dead_letters_also_where_those_refuse_its_time()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        void WithLetters(KafkaSinkAttribute attribute) => (attribute.TopicConfig, attribute.DeadLetterTopic) = (NothingOld, rig.Letters);
        var first = await rig.StartAsync(1, WithLetters);
        await rig.SetAsync(rig.Letters, "message.timestamp.before.max.ms=3600000");
        first = await rig.StartAsync(2, WithLetters); // a topic's settings are read when it is first written to
        await first.WriteAsync(old);
        await first.CheckpointAsync(1);
        var letter = Assert.Single(await rig.RecordsAsync(rig.Letters));
        Assert.Equal(("CDCF5252", "2026-01-01T00:00:02.0000000+00:00"), (letter.Headers["cdc-error"], letter.Headers["cdc-time"]));
    }

    [Fact, Trait("WayOut", "CDCF5253")]
    public async Task Record_of_a_source_whose_clock_is_ahead_stops_or_goes_to_the_dead_letters()
    {
        await using var rig = new BrokerRig(await broker.StartAsync());
        var ahead = At(7, DateTimeOffset.UtcNow.AddDays(2)); // a broker takes one hour by itself
        var first = await rig.StartAsync(1);
        await StopsAsync("CDCF5253", "Set the source's clock", () => first.WriteAsync(ahead));
        first = await rig.StartAsync(2);
        var fix = await StopsAsync("CDCF5253", "or set DeadLetterTopic", () => first.WriteAsync(ahead));

        var second = await rig.StartAsync(3, attribute => attribute.DeadLetterTopic = rig.Letters);
        await second.WriteAsync(ahead, BrokerRig.Insert(8));
        await second.CheckpointAsync(1);
        Assert.Equal([8], await rig.CommittedAsync());
        Assert.Equal([(7, "CDCF5253")], await rig.DeadLettersAsync());

        await (await broker.StartAsync()).RunAsync(fix);
        var third = await rig.StartAsync(4);
        await third.WriteAsync(ahead);
        await third.CheckpointAsync(2);
        Assert.Equal([7, 8], await rig.CommittedAsync());
    }

    [Fact, Trait("WayOut", "CDCF5249"), Trait("WayOut", "CDCF5250")]
    public async Task Settings_that_do_not_go_together_are_warned_of_until_what_the_warning_says_is_done()
    {
        var server = await broker.StartAsync();
        await using var rig = new BrokerRig(server);
        await rig.StartAsync(1, attribute => attribute.TopicConfig = $"{Size};retention.ms=3600000;cleanup.policy=delete");
        var warnings = await WarningsAsync();
        Assert.StartsWith("Set RecordBytesMax to 20000; or ", warnings["CDCF5249"], StringComparison.Ordinal);
        Assert.DoesNotContain("CDCF5249", (await WarningsAsync(attribute => attribute.RecordBytesMax = 20_000)).Keys);
        await server.RunAsync(warnings["CDCF5249"]);
        await server.RunAsync(warnings["CDCF5250"]);
        Assert.Empty(await WarningsAsync());

        async Task<Dictionary<string, string>> WarningsAsync(Action<KafkaSinkAttribute>? configure = null) =>
            (await rig.PreflightAsync(configure)).Checks.Where(check => check.Code is "CDCF5249" or "CDCF5250").ToDictionary(check => check.Code!, check => check.Fix!);
    }

    [Fact]
    public async Task Value_that_is_too_large_is_left_in_the_claim_folder_before_its_record_is_sent()
    {
        var folder = Directory.CreateTempSubdirectory("cdcflow claims ").FullName;
        try
        {
            await using var rig = new BrokerRig(await broker.StartAsync());
            void WithClaims(KafkaSinkAttribute attribute) => attribute.ClaimCheck = folder;
            for (var epoch = 1; epoch <= 2; epoch++) // the second is a replay
            {
                var instance = await rig.StartAsync(epoch, WithClaims);
                await instance.WriteAsync(BrokerRig.Insert(1), BrokerRig.Insert(2, BrokerRig.TooLong));
                await instance.PrepareAsync(1);
            }

            var last = await rig.StartAsync(3, WithClaims);
            await last.WriteAsync(BrokerRig.Insert(1), BrokerRig.Insert(2, BrokerRig.TooLong));
            await last.CheckpointAsync(1);
            var claimed = (await rig.RecordsAsync(rig.Topic))[^1];
            var file = Assert.Single(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
            var value = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(("""{"id":2}""", "", Path.GetFileName(file), $"{value.Length}"), (claimed.Key, claimed.Value, claimed.Headers["cdc-claim"], claimed.Headers["cdc-claim-bytes"]));
            Assert.Contains(BrokerRig.TooLong, value, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Change<Account> Truncate(int transaction) => Change<Account>.Truncate(Metadata(transaction, DateTimeOffset.UtcNow));

    private static Change<Account> At(int id, DateTimeOffset time) => Change<Account>.Insert(new Account(id, "Ada", 1m, null), Metadata(id, time));

    private static ChangeMetadata Metadata(int transaction, DateTimeOffset time) =>
        new(new ChangeOrigin(new TableOrigin("shop", new TableId("public", "accounts")), new SourceTransaction((ulong)transaction) { CommittedAt = time }), 0, 0);

    private static async Task<string> StopsAsync(string code, string wayOut, Func<Task> work)
    {
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(work);
        Assert.Equal((code, false), (error.Code, error.IsTransient));
        Assert.Contains(wayOut, error.Fix, StringComparison.Ordinal);
        return error.Fix!;
    }
}
