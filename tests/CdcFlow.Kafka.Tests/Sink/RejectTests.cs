using System.Text.Json;
using CdcFlow.Rejects;

namespace CdcFlow.Kafka.Tests.Sink;

/// <summary>What a node before the sink rejects is a dead letter, in the transaction of the records around it.</summary>
public sealed class RejectTests
{
    private readonly Rig rig = new();

    [Fact]
    [Trait("WayOut", "CDCF5258")]
    public async Task Sink_without_a_dead_letter_topic_is_refused_and_given_one_it_takes_rejects_and_goes_on()
    {
        for (var start = 1; start <= 2; start++)
        {
            var error = Assert.Throws<CdcFlowException>(() => rig.Make(start).Connection.Require("accounts"));
            Assert.Equal(KafkaSinkErrors.DeadLetterTopicMissing, error.Code);
            Assert.StartsWith("Set DeadLetterTopic of sink 'accounts': CdcFlow:", error.Fix, StringComparison.Ordinal);
        }

        var instance = rig.Make(3, attribute => attribute.DeadLetterTopic = "dead-{table}");
        instance.Connection.Require("accounts");
        await instance.OpenAsync();
        await instance.WriteAsync(rig.Insert(1));
        await instance.Connection.AddAsync("accounts", Reject("""{"id":2}"""), Rig.Cancellation);
        await instance.WriteAsync(rig.Insert(3));
        Assert.Empty(rig.Records(topic: "dead-accounts"));
        await instance.CheckpointAsync(1);

        Assert.Equal(2, rig.Keys().Count);
        var letter = Assert.Single(rig.Records(topic: "dead-accounts"));
        Assert.Equal(("2", "CDCF2003", "Parse"), (Rig.Text(letter.Message.Key), Rig.Header(letter, "cdc-error"), Rig.Header(letter, "cdc-node")));
        var value = JsonElement.Parse(letter.Message.Value!);
        Assert.Equal(("accounts", "2", 2), (value.GetProperty("sink").GetString(), value.GetProperty("key").GetString(), value.GetProperty("evidence").GetProperty("id").GetInt32()));
    }

    [Fact]
    public async Task Reject_of_an_instance_that_died_before_its_commit_is_not_read_and_comes_again_once()
    {
        for (var epoch = 1; epoch <= 2; epoch++)
        {
            var instance = await rig.StartAsync(epoch, attribute => attribute.DeadLetterTopic = "dead");
            await instance.Connection.AddAsync("accounts", Reject("{}"), Rig.Cancellation);
            var permit = await instance.PrepareAsync(1);
            if (epoch == 2)
            {
                await instance.CommitAsync(permit);
            }
        }

        Assert.Single(rig.Records(topic: "dead"));
    }

    [Fact]
    public async Task Rejects_count_as_dead_letters()
    {
        var instance = await rig.StartAsync(1, attribute => (attribute.DeadLetterTopic, attribute.DeadLettersMax) = ("dead", 2));
        await instance.Connection.AddAsync("accounts", Reject("{}"), Rig.Cancellation);
        await instance.Connection.AddAsync("accounts", Reject("{}"), Rig.Cancellation);
        var error = await Assert.ThrowsAsync<CdcFlowException>(async () => await instance.Connection.AddAsync("accounts", Reject("{}"), Rig.Cancellation));
        Assert.Equal(KafkaSinkErrors.DeadLettersTooMany, error.Code);
    }

    [Fact]
    public async Task Dead_letters_of_the_sink_itself_are_counted_and_told()
    {
        var told = new Told();
        var instance = rig.Make(1, attribute => attribute.DeadLetterTopic = "dead");
        await instance.OpenAsync(count: told);
        await instance.WriteAsync(rig.Insert(1, new string('x', 1_100_000)), rig.Insert(2));
        await instance.CheckpointAsync(1);
        var rejected = Assert.Single(told.Rejected);
        Assert.Equal(("accounts", Operation.Insert), (rejected.Node, rejected.Operation));
        Assert.StartsWith("Sink 'accounts': Insert of public.accounts at ", rejected.Cause, StringComparison.Ordinal);
    }

    private sealed class Told : IRejectCount
    {
        public List<RejectedChange> Rejected { get; } = [];

        public void Add(RejectedChange rejected, bool isKept) => throw new NotSupportedException();

        public void Note(RejectedChange rejected, bool isKept) => Rejected.Add(rejected);
    }

    private RejectedChange Reject(string row) => new()
    {
        Node = "Parse",
        Metadata = rig.Next(),
        Operation = Operation.Insert,
        Code = ErrorCodes.TransformFailed,
        Cause = "Node 'Parse' threw.",
        Key = "2",
        Row = row,
    };
}
