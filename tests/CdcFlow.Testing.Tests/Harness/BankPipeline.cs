using CdcFlow.Batches;
using CdcFlow.Configuration;
using CdcFlow.Operators;
using CdcFlow.Runtime;
using CdcFlow.Sinks;
using CdcFlow.Sources;

namespace CdcFlow.Testing.Tests.Harness;

/// <summary>A source and a sink that need servers: the harness must never ask them for a connection.</summary>
[SourceCapabilities(Startup.Initial)]
public sealed class ServerSourceAttribute(string connection) : CdcSourceAttribute(connection)
{
    public override ISourceConnector CreateConnector(ConnectorContext context) => throw new InvalidOperationException("The test has reached for a server.");
}

[SinkCapabilities(SinkKind.Transactional)]
public sealed class ServerSinkAttribute(string connection) : SinkAttribute(connection)
{
    public override ISinkConnection CreateConnection(ConnectorContext context) => throw new InvalidOperationException("The test has reached for a server.");
}

/// <summary>Accounts → those with money → a database; all accounts → a second system. Written as the generator would.</summary>
public sealed class BankPipeline<TLedger> : ICdcPipeline<BankPipeline<TLedger>>
    where TLedger : LedgerKind, new()
{
    public static PipelineGraph Graph { get; } = new(
        "bank", Delivery.ExactlyOnce,
        [new("Accounts", GraphNodeKind.Source, "Account"), new("HasMoney", GraphNodeKind.Filter, "Account"), new("ledger", GraphNodeKind.Sink, "Account")],
        [new("Accounts", "HasMoney"), new("HasMoney", "ledger")]);

    public static BankPipeline<TLedger> Create(IServiceProvider services) => new();

    public static void Build(BankPipeline<TLedger> pipeline, PipelineBuilder builder)
    {
        var accounts = builder.Source<Account, AccountCodec>("Accounts", new ServerSourceAttribute("bank"));
        var stage = builder.Stage("HasMoney", accounts);
        var output = stage.Output<Account>("HasMoney");
        stage.Run(new HasMoney(output.Collector));
        builder.Sink<Account, AccountCodec>("ledger", output.Stream, new TLedger().Attribute);
    }

    private sealed class HasMoney(BatchCollector<Account> output) : IBatchOperator<Account>
    {
        public void Process(ChangeBatch<Account> batch)
        {
            foreach (ref readonly var change in batch.Changes)
            {
                bool? before = change.Before is { } row ? row.Balance >= 0 : null;
                switch (Retraction.Decide(change.Operation, before, change.After?.Balance >= 0))
                {
                    case Emission.Same:
                        output.Add(change);
                        break;
                    case Emission.AsInsert:
                        output.Add(Change<Account>.Insert(change.After!, change.Metadata));
                        break;
                    case Emission.AsDelete:
                        output.Add(Change<Account>.Delete(change.Before!, change.Metadata));
                        break;
                }
            }
        }
    }
}

/// <summary>Which kind of sink the ledger is.</summary>
public abstract class LedgerKind
{
    public abstract SinkAttribute Attribute { get; }
}

public sealed class TransactionalLedger : LedgerKind
{
    public override SinkAttribute Attribute => new ServerSinkAttribute("ledger");
}

public sealed class StagedLedger : LedgerKind
{
    public override SinkAttribute Attribute => new InMemoryStagedSinkAttribute("ledger");
}

public sealed class IdempotentLedger : LedgerKind
{
    public override SinkAttribute Attribute => new InMemoryIdempotentSinkAttribute("ledger");
}

public sealed class AtLeastOnceLedger : LedgerKind
{
    public override SinkAttribute Attribute => new InMemoryAtLeastOnceSinkAttribute("ledger");
}
