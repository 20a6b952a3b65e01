using System.CommandLine;
using CdcFlow.Checkpointing.Protocol;
using CdcFlow.Checkpoints;

namespace CdcFlow.Hosting.Commands;

/// <summary>The options of the command line, each in one place.</summary>
internal static class CommandLineOptions
{
    public static Option<bool> Verbose { get; } = new("--verbose", "-v") { Recursive = true, Description = "Log everything, and show stack traces." };

    public static Option<string?> Environment { get; } = new("--environment")
    {
        Recursive = true,
        HelpName = "name",
        Description = "The host's environment; by default DOTNET_ENVIRONMENT, else Production.",
    };

    public static Option<KeyValuePair<string, string?>[]> Set { get; } = new("--set")
    {
        Recursive = true,
        HelpName = "key=value",
        Description = "Overrides a configuration value, as in --set CdcFlow:orders:Checkpoint:Interval=00:00:01. Not for secrets: others can see a command line.",
        CustomParser = result => [.. result.Tokens.Select(token => ParsePair(token.Value, result.AddError))],
    };

    public static Option<bool> UntilCaughtUp { get; } = new("--until-caught-up")
    {
        Description = "End once everything is handed over that was in the sources at the start.",
    };

    public static Option<bool> NoProgress { get; } = new("--no-progress") { Description = "Plain log lines instead of progress bars." };

    public static Option<RecoveryOverride?> RestoreFrom { get; } = new("--restore-from")
    {
        HelpName = "id@epoch|none",
        Description = "Start from this checkpoint (or afresh) instead of the one that the sinks name. Once, by hand: rows may then appear twice. With none, add --resnapshot lost to empty sinks first.",
        CustomParser = result => ParseOverride(result.Tokens[0].Value, result.AddError),
    };

    public static Option<bool> Accept { get; } = new("--accept")
    {
        Description = "The pipeline has changed, and what was written before may stay as it is: go on, this once, with the new program.",
    };

    public static Option<string[]> Resnapshot { get; } = new("--resnapshot")
    {
        HelpName = "table|lost",
        AllowMultipleArgumentsPerToken = true,
        Description = "Read these tables again, whole, while the others go on; sinks are emptied of their rows first. 'lost': every table of which the log does not tell all.",
    };

    public static Option<KeyValuePair<string, string?>[]> SkipTo { get; } = new("--skip-to")
    {
        HelpName = "connection=place",
        Description = "Up to this place in a source's log, skip changes that cannot be read. By hand: what was skipped is missing downstream.",
        CustomParser = result => [.. result.Tokens.Select(token => ParsePlace(token.Value, "--skip-to", result.AddError))],
    };

    public static Option<bool> JsonLog { get; } = new("--json") { Description = "Log lines as JSON objects, without progress bars." };

    public static Option<bool> Json { get; } = new("--json") { Description = "Write JSON." };

    private static KeyValuePair<string, string?> ParsePair(string text, Action<string> addError)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0)
        {
            addError("--set takes key=value, as in --set CdcFlow:orders:Memory=64MiB.");
        }

        return new(at < 0 ? text : text[..at], at < 0 ? null : text[(at + 1)..]);
    }

    /// <summary>Reads <c>connection=place</c>.</summary>
    public static KeyValuePair<string, string?> ParsePlace(string text, string option, Action<string> addError)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0 || at == text.Length - 1)
        {
            addError($"{option} takes connection=place, as in {option} shop=0/16B3748.");
        }

        return new(at < 0 ? text : text[..at], at < 0 ? "" : text[(at + 1)..]);
    }

    private static RecoveryOverride? ParseOverride(string text, Action<string> addError)
    {
        if (text == "none")
        {
            return new RecoveryOverride(null);
        }

        if (ParseCheckpoint(text) is { } checkpoint)
        {
            return new RecoveryOverride(checkpoint);
        }

        addError($"'{text}' is neither a checkpoint such as 12@3 nor none.");
        return null;
    }

    /// <summary>Reads <c>id@epoch</c>, as <see cref="CheckpointRef.ToString"/> writes it.</summary>
    public static CheckpointRef? ParseCheckpoint(string text) =>
        text.Split('@') is [var id, var epoch] && long.TryParse(id, out var idValue) && long.TryParse(epoch, out var epochValue)
            ? new CheckpointRef(new Epoch(epochValue), new CheckpointId(idValue))
            : null;
}
