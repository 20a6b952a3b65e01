using CdcFlow.Configuration;
using CdcFlow.Kafka.Broker.Tests.Sink;
using CdcFlow.Kafka.Broker.Tests.WaysOut;
using CdcFlow.Kafka.Client;
using CdcFlow.Testing;
using CdcFlow.Testing.Conformance.Rows;
using CdcFlow.TestServers;

namespace CdcFlow.Kafka.Broker.Tests.Pipelines;

/// <summary>The rights that the page "Deliver to Kafka exactly once" grants, on a broker that grants nothing else.</summary>
public sealed class RightsTests
{
    private const string Topic = "orders.v1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact, Trait("WayOut", "CDCF5206"), Trait("WayOut", "CDCF5248")]
    public async Task Rights_of_the_how_to_page_are_enough_and_those_that_are_missing_are_granted_by_the_commands()
    {
        SharedBroker.SkipWhereNoneCanBeHad();
        await using var server = await StartAsync();
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

        var missing = (await rig.ChecksAsync()).Where(IsOfRights).Select(check => (check.Status, check.Fix ?? "")).ToList();
        Assert.Equal(3, missing.Count);
        Assert.Contains(missing, check => check is (PreflightStatus.Failed, var fix) && fix.EndsWith($"--operation Write --topic {Topic}", StringComparison.Ordinal));
        Assert.Contains(missing, check => check is (PreflightStatus.Failed, var fix) && fix.EndsWith("--operation Read --topic cdcflow.orders.bus", StringComparison.Ordinal));
        Assert.Contains(missing, check => check is (PreflightStatus.Warning, var fix) && fix.Contains("--transactional-id cdcflow.orders.bus", StringComparison.Ordinal));
        database.Transaction(transaction => transaction.Insert(new Item(3, "three")));
        Assert.Contains(KafkaSinkErrors.PrivilegeMissing, (await RefusedAsync(rig)).Message, StringComparison.Ordinal);
        foreach (var (_, fix) in missing.Where(check => check.Item1 == PreflightStatus.Failed))
        {
            await server.RunAsync(fix);
        }

        var ids = await RefusedAsync(rig);
        Assert.Equal(KafkaClientErrorCodes.NotAllowed, ids.Code);
        Assert.EndsWith("--transactional-id cdcflow.orders.bus. --resource-pattern-type prefixed", ids.Fix, StringComparison.Ordinal);
        await server.RunAsync(ids.Fix!);
        await rig.RunAsync();
        Assert.Equal([1, 2, 3], await rig.ItemsAsync());
        Assert.DoesNotContain(await rig.ChecksAsync(), IsOfRights);
    }

    /// <summary>Whoever may not read a topic's settings finds out about its refusals from the broker's.</summary>
    [Fact, Trait("WayOut", "CDCF5218"), Trait("WayOut", "CDCF5219")]
    public async Task Record_that_the_broker_refuses_unforeseen_goes_on_as_the_message_says_or_to_the_dead_letters_with_the_right_to_foresee_it()
    {
        SharedBroker.SkipWhereNoneCanBeHad();
        await using var server = await StartAsync();
        var user = $"{server.SaslConnectionString};Username={KafkaServer.User};Password=\"{KafkaServer.Password}\"";
        await using var rig = new BrokerRig(server, user);
        foreach (var right in new[]
        {
            $"--operation Create --operation Write --operation Describe --topic {rig.Topic}", $"--operation Create --operation Write --operation Describe --topic {rig.Letters}",
            $"--operation Create --operation Read --operation Write --operation Describe --topic {rig.Markers}",
            $"--operation Write --operation Describe --transactional-id {rig.Ids}. --resource-pattern-type prefixed",
        })
        {
            await ChangeAsync(server, "--add", right);
        }

        void NothingOld(KafkaSinkAttribute attribute) => attribute.TopicConfig = "retention.ms=-1;message.timestamp.before.max.ms=3600000";
        var old = BrokerRig.Insert(1);
        await StopsAsync(rig, 1, KafkaClientErrorCodes.RecordTime, old, NothingOld);
        Assert.Contains("message.timestamp.type to LogAppendTime", await StopsAsync(rig, 2, KafkaClientErrorCodes.RecordTime, old), StringComparison.Ordinal);
        await rig.SetAsync(rig.Topic, "message.timestamp.type=LogAppendTime");
        await GoesOnAsync(rig, 3, 1, null, old);

        await rig.SetAsync(rig.Topic, "cleanup.policy=compact");
        var truncate = Change<Account>.Truncate(old.Metadata);
        await StopsAsync(rig, 4, KafkaClientErrorCodes.RecordInvalid, truncate);
        Assert.Contains("set Truncates to Skip", await StopsAsync(rig, 5, KafkaClientErrorCodes.RecordInvalid, truncate), StringComparison.Ordinal);
        await GoesOnAsync(rig, 6, 2, attribute => attribute.Truncates = TruncateMode.Skip, truncate, BrokerRig.Insert(2));

        await ChangeAsync(server, "--add", $"--operation DescribeConfigs --topic {rig.Topic}");
        await GoesOnAsync(rig, 7, 3, attribute => attribute.DeadLetterTopic = rig.Letters, truncate, BrokerRig.Insert(3));
        Assert.Equal([1, 2, 3], await rig.CommittedAsync());
        Assert.Equal(KafkaSinkErrors.KeyMissing, Assert.Single(await rig.RecordsAsync(rig.Letters)).Headers["cdc-error"]);
    }

    private static async Task<string> StopsAsync(BrokerRig rig, long epoch, string code, Change<Account> change, Action<KafkaSinkAttribute>? configure = null)
    {
        var instance = await rig.StartAsync(epoch, configure);
        await instance.WriteAsync(change);
        var error = await Assert.ThrowsAnyAsync<CdcFlowException>(() => instance.PrepareAsync(epoch));
        Assert.Equal((code, false), (error.Code, error.IsTransient));
        return error.Fix!;
    }

    private static async Task GoesOnAsync(BrokerRig rig, long epoch, long checkpoint, Action<KafkaSinkAttribute>? configure, params Change<Account>[] changes)
    {
        var instance = await rig.StartAsync(epoch, configure);
        await instance.WriteAsync(changes);
        await instance.CheckpointAsync(checkpoint);
    }

    private static Task<KafkaServer> StartAsync() => KafkaServer.StartAsync(
        ["authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", "super.users=User:ANONYMOUS"], Cancellation);

    private static async Task<CdcFlowException> RefusedAsync<TPipeline>(PipelineRig<TPipeline> rig)
        where TPipeline : Runtime.ICdcPipeline<TPipeline>
    {
        await Assert.ThrowsAnyAsync<CdcFlowException>(() => rig.RunAsync());
        return await Assert.ThrowsAnyAsync<CdcFlowException>(() => rig.RunAsync());
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
