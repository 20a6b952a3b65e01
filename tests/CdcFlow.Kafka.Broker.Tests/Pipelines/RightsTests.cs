using CdcFlow.Configuration;
using CdcFlow.Kafka.Client;
using CdcFlow.Testing;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests.Pipelines;

/// <summary>The rights that the page "Deliver to Kafka exactly once" grants, on a broker that grants nothing else.</summary>
public sealed class RightsTests
{
    private const string Topic = "orders.v1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rights_of_the_how_to_page_are_enough_and_those_that_are_missing_are_found_with_their_mend()
    {
        SharedBroker.SkipWhereNoneCanBeHad();
        await using var server = await KafkaServer.StartAsync(
            ["authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", "super.users=User:ANONYMOUS"], Cancellation);
        await using (var owner = TestCluster.Connect(server.ConnectionString))
        {
            await owner.CreateTopicAsync(new NewTopic(Topic, 1, 1, new Dictionary<string, string>()), Cancellation);
        }

        var granted = Page();
        foreach (var right in granted)
        {
            await ChangeAsync(server, "--add", right);
        }

        using var rig = new PipelineRig<OrdersPipeline>(server)
        {
            ConnectionString = $"{server.SaslConnectionString};Username={KafkaServer.User};Password=\"{KafkaServer.Password}\"",
            Topic = Topic,
            Markers = null,
            TransactionalId = null,
        };
        var database = InMemoryDatabase.Named("orders-db").Snapshot(new Item(1, "one")).EndSnapshot<Item>();
        var unknown = Assert.Single(await rig.ChecksAsync(), IsOfRights); // brokers tell no rights to a topic that is not there
        Assert.Equal(("marker topic cdcflow.orders.bus", PreflightStatus.Warning), (unknown.Name, unknown.Status));
        await rig.RunAsync();

        await ChangeAsync(server, "--remove", granted.Single(right => right.Contains("Create")));
        database.Transaction(transaction => transaction.Insert(new Item(2, "two")));
        Assert.DoesNotContain(await rig.ChecksAsync(), IsOfRights);
        await rig.RunAsync();
        Assert.Equal([1, 2], await rig.ItemsAsync());

        foreach (var right in new[] { $"--operation Write --topic {Topic}", "--operation Read --topic cdcflow.orders.bus", granted[2] })
        {
            await ChangeAsync(server, "--remove", right);
        }

        var missing = (await rig.ChecksAsync()).Where(IsOfRights).Select(check => (check.Status, check.Mend ?? "")).ToList();
        Assert.Equal(3, missing.Count);
        Assert.Contains(missing, check => check is (PreflightStatus.Failed, var mend) && mend.EndsWith($"--operation Write --topic {Topic}", StringComparison.Ordinal));
        Assert.Contains(missing, check => check is (PreflightStatus.Failed, var mend) && mend.EndsWith("--operation Read --topic cdcflow.orders.bus", StringComparison.Ordinal));
        Assert.Contains(missing, check => check is (PreflightStatus.Warning, var mend) && mend.Contains("--transactional-id cdcflow.orders.bus", StringComparison.Ordinal));
        var refused = await Assert.ThrowsAsync<CdcFlowException>(() => rig.RunAsync());
        Assert.Contains(KafkaSinkErrors.PrivilegeMissing, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The page's commands, without the user and the tool.</summary>
    private static List<string> Page() =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "deliver-to-kafka.md"))
            .Where(line => line.StartsWith("acl --", StringComparison.Ordinal))
            .Select(line => line.Split('#')[0]["acl ".Length..].Trim()),
    ];

    private static bool IsOfRights(PreflightCheck check) => check.Code == KafkaSinkErrors.PrivilegeMissing || check.Status == PreflightStatus.Failed;

    private static Task<string> ChangeAsync(KafkaServer server, string change, string right) => KafkaServer.ToolAsync(
        "org.apache.kafka.tools.AclCommand",
        ["--bootstrap-server", server.ConnectionString, change, "--force", "--allow-principal", $"User:{KafkaServer.User}", .. right.Split(' ')],
        Cancellation);
}
