using System.CommandLine;
using CdcFlow.Runtime;
using CdcFlow.Sources;

namespace CdcFlow.Hosting.Commands;

/// <summary>What a command line says about where and how to begin: the same for a start and for the check of one.</summary>
internal static class StartOrders
{
    /// <summary>Lets a command take them.</summary>
    public static void AddTo(Command command)
    {
        command.Options.Add(CommandLineOptions.RestoreFrom);
        command.Options.Add(CommandLineOptions.Resnapshot);
        command.Options.Add(CommandLineOptions.Accept);
        command.Options.Add(CommandLineOptions.SkipTo);
    }

    /// <summary>The options with what was said.</summary>
    public static PipelineOptions Adjust(PipelineOptions options, ParseResult arguments) => options with
    {
        RecoverFrom = arguments.GetValue(CommandLineOptions.RestoreFrom),
        Resnapshot = arguments.GetValue(CommandLineOptions.Resnapshot) is { Length: > 0 } tables ? Request(tables) : null,
        AcceptsDefinition = arguments.GetValue(CommandLineOptions.Accept),
        SkipTo = (arguments.GetValue(CommandLineOptions.SkipTo) ?? []).ToDictionary(skip => skip.Key, skip => skip.Value!, StringComparer.Ordinal),
    };

    // Another request each time the program starts; restarts within it go on with the same one.
    private static ResnapshotRequest Request(string[] tables)
    {
        const string lost = "lost";
        return new ResnapshotRequest(Guid.NewGuid().ToString("N"), [.. tables.Where(table => table != lost)], tables.Contains(lost));
    }
}
