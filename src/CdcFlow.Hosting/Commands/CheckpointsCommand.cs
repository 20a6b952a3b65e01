using System.CommandLine;
using System.Globalization;
using System.Text;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpoints;
using CdcFlow.Hosting.Configuration;
using CdcFlow.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace CdcFlow.Hosting.Commands;

/// <summary><c>checkpoints</c>: looks into the store. Takes no lease, so it works while the pipeline runs.</summary>
internal sealed class CheckpointsCommand<TPipeline>(PipelineHostFactory<TPipeline> hosts, Terminal terminal)
    where TPipeline : ICdcPipeline<TPipeline>
{
    private readonly Argument<string?> reference = new("id@epoch") { Description = "As `checkpoints list` shows it; by default the newest.", Arity = ArgumentArity.ZeroOrOne };

    public Command Define()
    {
        var list = new Command("list", "List the checkpoints of the store, newest first.") { CommandLineOptions.Json };
        list.SetAction((arguments, cancellationToken) => ListAsync(arguments, cancellationToken));
        var inspect = new Command("inspect", "Show one checkpoint whole: positions, states and what sinks have to commit.") { reference };
        inspect.SetAction((arguments, cancellationToken) => InspectAsync(arguments, cancellationToken));
        return new Command("checkpoints", "Look into the checkpoint store.") { list, inspect };
    }

    private async Task<int> ListAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var host = hosts.Build(arguments);
        var store = StoreOf(host.Services);
        var stored = await RecoveryFacts.LoadAllAsync(store, cancellationToken);
        if (arguments.GetValue(CommandLineOptions.Json))
        {
            await terminal.Out.WriteLineAsync(CheckpointText.Json(stored));
            return ExitCode.Ok;
        }

        await terminal.Out.WriteLineAsync(CheckpointText.Table(stored));
        await terminal.Out.WriteLineAsync(CheckpointText.Store(await store.ReadIdAsync(cancellationToken)));
        return ExitCode.Ok;
    }

    private async Task<int> InspectAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var name = arguments.GetValue(reference);
        var named = name is null ? null : CommandLineOptions.ParseCheckpoint(name);
        if (name is not null && named is null)
        {
            await terminal.Error.WriteLineAsync("A checkpoint is named by number and epoch, as in 12@3.");
            return ExitCode.Usage;
        }

        using var host = hosts.Build(arguments);
        var store = StoreOf(host.Services);
        IReadOnlyList<CheckpointRef> candidates = named is { } one ? [one] : await store.ListAsync(cancellationToken);
        if (candidates is not [var checkpoint, ..])
        {
            await terminal.Error.WriteLineAsync("There is no checkpoint yet.");
            return ExitCode.Failed;
        }

        return await ShowAsync(checkpoint, await new SideFileReading(store).LoadAsync(checkpoint, cancellationToken));
    }

    private async Task<int> ShowAsync(CheckpointRef checkpoint, StoredCheckpoint? stored)
    {
        switch (stored)
        {
            case ReadableCheckpoint found:
                await terminal.Out.WriteAsync(Encoding.UTF8.GetString(ManifestJson.Write(found.Manifest)));
                return ExitCode.Ok;
            case DamagedCheckpoint damaged:
                await terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{damaged.Code}: Checkpoint {checkpoint} cannot be read: {damaged.Reason}."));
                return ExitCode.Failed;
            default:
                await terminal.Error.WriteLineAsync($"There is no checkpoint {checkpoint}; `checkpoints list` shows those there are.");
                return ExitCode.Failed;
        }
    }

    /// <summary>Connectors need not be configured to look at checkpoints, but the store must be.</summary>
    private static ICheckpointStore StoreOf(IServiceProvider services)
    {
        var pipeline = services.GetRequiredService<HostedPipeline>();
        var problems = pipeline.Configuration.Problems.Where(problem => problem.Key.EndsWith(":Checkpoint:Store", StringComparison.Ordinal)).ToList();
        return problems.Count == 0 ? pipeline.Store : throw ConfigurationInvalidException.Of(pipeline.Graph.Name, problems);
    }
}
