using System.Text.RegularExpressions;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests.WaysOut;

/// <summary>What a setting, a topic or a file on the way stops at every start, and goes on once it is as the message says.</summary>
public sealed partial class SettingsWayOutTests(SettingsFixture pipeline) : IClassFixture<SettingsFixture>
{
    private const string Bus = "ConnectionStrings:bus";
    private const string Login = $"Username={KafkaServer.User};Password=\"{KafkaServer.Password}\"";

    [Fact, Trait("WayOut", "CDCF5202")]
    public async Task Value_with_a_semicolon_gets_quotes()
    {
        await pipeline.AddAsync();
        await pipeline.StopsAsync("CDCF5202", (Bus, $"{pipeline.Server.SaslConnectionString};{Login.Replace("\"", "", StringComparison.Ordinal)}"));
        await pipeline.GoesOnAsync((Bus, $"{pipeline.Server.SaslConnectionString};{Login}"));
    }

    [Fact, Trait("WayOut", "CDCF5203")]
    public async Task Authority_that_signed_the_brokers_certificate_is_named()
    {
        await pipeline.AddAsync();
        Assert.Contains("Check Root Certificate", await pipeline.StopsAsync("CDCF5203", (Bus, $"Bootstrap Servers=localhost:{pipeline.Server.TlsPort};Root Certificate={pipeline.Server.OtherRootCertificateFile}")), StringComparison.Ordinal);
        await pipeline.GoesOnAsync((Bus, pipeline.Server.TlsConnectionString));
    }

    [Fact, Trait("WayOut", "CDCF5204")]
    public async Task Password_is_put_right()
    {
        await pipeline.AddAsync();
        Assert.Contains("Check Username, Password", await pipeline.StopsAsync("CDCF5204", (Bus, $"{pipeline.Server.SaslConnectionString};Username={KafkaServer.User};Password=wrong")), StringComparison.Ordinal);
        await pipeline.GoesOnAsync((Bus, $"{pipeline.Server.SaslConnectionString};{Login}"));
    }

    [Fact, Trait("WayOut", "CDCF5205")]
    public async Task Client_secret_is_put_right()
    {
        await pipeline.AddAsync();
        await using var tokens = new TokenServer(TimeSpan.FromMinutes(5));
        string With(string secret) => $"{pipeline.Server.SaslConnectionString};Token Endpoint={tokens.Address};Client Id=cdc;Client Secret={secret}";
        Assert.Contains("Client Secret", await pipeline.StopsAsync("CDCF5205", (Bus, With("wrong"))), StringComparison.Ordinal);
        await pipeline.GoesOnAsync((Bus, With(TokenServer.Secret)));
    }

    [Fact, Trait("WayOut", "CDCF5215")]
    public async Task Request_that_the_broker_refuses_is_made_another_as_its_name_says()
    {
        await pipeline.AddAsync();
        var letters = ("DeadLetterTopic", NewName());
        var said = await pipeline.StopsAsync("CDCF5215", letters, ("ReplicationFactor", "5"));
        Assert.Contains("INVALID_REPLICATION_FACTOR", said, StringComparison.Ordinal);
        Assert.Contains("Set ReplicationFactor to at most the number of brokers", said, StringComparison.Ordinal);
        await pipeline.GoesOnAsync(letters, ("ReplicationFactor", "1"));
    }

    [Fact, Trait("WayOut", "CDCF5238")]
    public async Task Topic_that_is_missing_is_made_by_the_command_or_by_the_sink()
    {
        await pipeline.AddAsync();
        (string, string?)[] settings = [("DeadLetterTopic", NewName()), ("CreateTopic", "false")];
        await pipeline.Server.RunAsync(await pipeline.StopsAsync("CDCF5238", settings));
        await pipeline.GoesOnAsync(settings);

        await pipeline.AddAsync();
        var other = ("DeadLetterTopic", NewName());
        Assert.Contains("or set CreateTopic = true", await pipeline.StopsAsync("CDCF5238", other, ("CreateTopic", "false")), StringComparison.Ordinal);
        await pipeline.GoesOnAsync(other, ("CreateTopic", "true"));
    }

    [Fact, Trait("WayOut", "CDCF5239")]
    public async Task Topic_gets_a_name_of_the_letters_that_one_may_have()
    {
        await pipeline.AddAsync();
        Assert.Contains("letters a-z, A-Z, 0-9, '.', '_' and '-'", await pipeline.StopsAsync("CDCF5239", ("DeadLetterTopic", "dead letters")), StringComparison.Ordinal);
        await pipeline.GoesOnAsync(("DeadLetterTopic", NewName()));
    }

    [Fact, Trait("WayOut", "CDCF5241")]
    public async Task Limit_of_the_client_and_that_of_the_topic_are_raised_to_what_the_record_needs()
    {
        await pipeline.AddAsync(new string('x', 1500));
        var said = await pipeline.StopsAsync("CDCF5241", ("RecordBytesMax", "1000"));
        await pipeline.GoesOnAsync(("RecordBytesMax", Raise().Match(said).Groups[1].Value));

        await pipeline.AddAsync(new string('x', 3000));
        await pipeline.Server.RunAsync($"kafka-configs.sh --alter --entity-type topics --entity-name {pipeline.Rig.Topic} --add-config max.message.bytes=2000");
        await pipeline.Server.RunAsync(await pipeline.StopsAsync("CDCF5241"));
        await pipeline.GoesOnAsync();
    }

    [Fact, Trait("WayOut", "CDCF5244")]
    public async Task Truncate_that_is_refused_is_told_to_readers_in_another_way()
    {
        await pipeline.AddAsync();
        pipeline.Truncate();
        Assert.Contains("set Truncates to EveryPartition or Skip", await pipeline.StopsAsync("CDCF5244", ("Truncates", "Refuse")), StringComparison.Ordinal);
        await pipeline.GoesOnAsync(("Truncates", "Skip"));
    }

    [Fact, Trait("WayOut", "CDCF5247")]
    public async Task Transactions_become_as_old_as_the_broker_allows()
    {
        await pipeline.AddAsync();
        var said = await pipeline.StopsAsync("CDCF5247", ("TransactionTimeoutSeconds", "3600"));
        await pipeline.GoesOnAsync(("TransactionTimeoutSeconds", AtMost().Match(said).Groups[1].Value));
    }

    [Fact, Trait("WayOut", "CDCF5254"), Trait("WayOut", "CDCF5255")]
    public async Task Claim_check_gets_a_folder_that_can_be_written_to()
    {
        var folder = Directory.CreateTempSubdirectory("cdcflow-claims-").FullName;
        try
        {
            await pipeline.AddAsync();
            var claims = ("ClaimCheck", "claims");
            Assert.Contains("Set ConnectionStrings:claims", await pipeline.StopsAsync("CDCF5254", claims), StringComparison.Ordinal);
            await pipeline.GoesOnAsync(claims, ("ConnectionStrings:claims", folder));

            await pipeline.AddAsync();
            var inTheWay = Path.Combine(folder, "file");
            await File.WriteAllTextAsync(inTheWay, "", TestContext.Current.CancellationToken);
            var below = ("ConnectionStrings:claims", Path.Combine(inTheWay, "below"));
            Assert.Contains("Let the process write there", await pipeline.StopsAsync("CDCF5255", claims, below), StringComparison.Ordinal);
            File.Delete(inTheWay);
            await pipeline.GoesOnAsync(claims, below);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact, Trait("WayOut", "CDCF5256")]
    public async Task Column_that_is_cut_is_one_that_may_be_and_its_table_is_warned_of_once()
    {
        await pipeline.AddAsync(new string('x', 3000));
        await pipeline.AddAsync(new string('y', 3000));
        var said = await pipeline.StopsAsync("CDCF5256", ("TruncateColumns", "Name,Id"));
        Assert.Contains("names 'Id', which is of the key", said, StringComparison.Ordinal);
        await pipeline.GoesOnAsync(("RecordBytesMax", "1000"), ("TruncateColumns", MayBe().Match(said).Groups[1].Value));
        Assert.Contains("cuts texts of", await pipeline.Rig.Log.SaidAsync("CDCF5257"), StringComparison.Ordinal);
        Assert.False(pipeline.Rig.Log.HasSaid("CDCF5257"));
    }

    private static string NewName() => $"t-{Guid.NewGuid():n}";

    [GeneratedRegex("Raise RecordBytesMax to ([0-9]+) or more")]
    private static partial Regex Raise();

    [GeneratedRegex("Name properties that may be cut: ([^;]+);")]
    private static partial Regex MayBe();

    [GeneratedRegex("Set TransactionTimeoutSeconds to at most ([0-9]+)")]
    private static partial Regex AtMost();
}
