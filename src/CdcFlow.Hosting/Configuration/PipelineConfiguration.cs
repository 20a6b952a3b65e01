using CdcFlow.Configuration;
using CdcFlow.Runtime;
using Microsoft.Extensions.Configuration;

namespace CdcFlow.Hosting.Configuration;

/// <summary>What <c>CdcFlow:{pipeline}</c> says about the pipeline itself; its sources, sinks and nodes are read when their connectors are made.</summary>
internal sealed class PipelineConfiguration
{
    private const long BudgetBytesMin = 1 << 20;

    private static readonly string[] sections = ["Checkpoint", "Definition", "Memory", "Rejects", "Restart", "FailureEndsHost", "Sources", "Sinks", "Nodes"];

    private readonly IConfiguration configuration;
    private readonly List<ConfigurationProblem> problems = [];

    /// <summary>Reads it. What is wrong is found in <see cref="Problems"/>.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="isDevelopment">Whether the checkpoint store may be left out.</param>
    /// <param name="adjust">The program's own changes to the options.</param>
    public PipelineConfiguration(string pipeline, IConfiguration configuration, bool isDevelopment, Func<PipelineOptions, PipelineOptions> adjust)
    {
        this.configuration = configuration;
        Pipeline = pipeline;
        Path = $"CdcFlow:{pipeline}";
        ReportUnknownSections();

        var checkpoint = new SettingsSection(configuration, $"{Path}:Checkpoint", problems);
        Store = StoreLocation.Read(checkpoint.Settings, pipeline, isDevelopment, problems);
        Options = adjust(ReadOptions(checkpoint.Settings, new PipelineOptions()));
        FailureEndsHost = ReadBoolean("FailureEndsHost");
        problems.AddRange(Options.Problems(Path));
        checkpoint.ReportUnknownKeys();
    }

    /// <summary>The pipeline's name.</summary>
    public string Pipeline { get; }

    /// <summary>The key of the pipeline's section.</summary>
    public string Path { get; }

    /// <summary>Where checkpoints are kept.</summary>
    public StoreLocation Store { get; }

    /// <summary>How the pipeline runs.</summary>
    public PipelineOptions Options { get; }

    /// <summary>Whether the host stops when this pipeline fails, though others run in it.</summary>
    public bool FailureEndsHost { get; }

    /// <summary>Everything that is wrong so far.</summary>
    public IReadOnlyCollection<ConfigurationProblem> Problems => problems;

    /// <summary>A section below the pipeline's.</summary>
    public SettingsSection Section(string kind, string name, ICollection<ConfigurationProblem> problems) =>
        new(configuration, $"{Path}:{kind}:{name}", problems);

    /// <summary>Names for which something is configured: of sources, sinks or nodes.</summary>
    public IEnumerable<string> Names(string kind) => configuration.GetSection($"{Path}:{kind}").GetChildren().Select(child => child.Key);

    private PipelineOptions ReadOptions(ConnectorSettings checkpoint, PipelineOptions defaults)
    {
        var restart = new SettingsSection(configuration, $"{Path}:Restart", problems);
        var rejects = new SettingsSection(configuration, $"{Path}:Rejects", problems);
        var definition = new SettingsSection(configuration, $"{Path}:Definition", problems);
        var options = defaults with
        {
            OnDefinitionChange = definition.Settings.GetEnum("OnChange", defaults.OnDefinitionChange),
            CheckpointInterval = checkpoint.GetTimeSpan("Interval", defaults.CheckpointInterval),
            CheckpointTimeout = checkpoint.GetTimeSpan("Timeout", defaults.CheckpointTimeout),
            LeaseWait = checkpoint.GetTimeSpan("LeaseWait", defaults.LeaseWait),
            AbortedCheckpointsMax = checkpoint.GetInt32("AbortedMax", defaults.AbortedCheckpointsMax),
            RetainedCheckpoints = checkpoint.GetInt32("Retain", defaults.RetainedCheckpoints),
            BudgetBytes = ReadBudget(defaults.BudgetBytes),
            RejectsMax = rejects.Settings.GetInt32("Max", defaults.RejectsMax),
            Restart = new RestartOptions
            {
                RestartsMax = restart.Settings.GetInt32("RestartsMax", defaults.Restart.RestartsMax),
                AwayMax = restart.Settings.GetTimeSpan("AwayMax", defaults.Restart.AwayMax),
                BackoffMin = restart.Settings.GetTimeSpan("BackoffMin", defaults.Restart.BackoffMin),
                BackoffMax = restart.Settings.GetTimeSpan("BackoffMax", defaults.Restart.BackoffMax),
            },
        };
        rejects.ReportUnknownKeys();
        restart.ReportUnknownKeys();
        definition.ReportUnknownKeys();
        return options;
    }

    private long ReadBudget(long fallback)
    {
        if (configuration[$"{Path}:Memory"] is not { } text)
        {
            return fallback;
        }

        if (ByteSize.Parse(text) is { } bytes and >= BudgetBytesMin)
        {
            return bytes;
        }

        problems.Add(new ConfigurationProblem(
            ErrorCodes.ConfigurationValue, $"{Path}:Memory", $"'{text}' is not a number of bytes such as 64MiB, and at least {ByteSize.Format(BudgetBytesMin)}"));
        return fallback;
    }

    private bool ReadBoolean(string key)
    {
        if (configuration[$"{Path}:{key}"] is not { Length: > 0 } text)
        {
            return false;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        problems.Add(new ConfigurationProblem(ErrorCodes.ConfigurationValue, $"{Path}:{key}", $"'{text}' is neither true nor false"));
        return false;
    }

    private void ReportUnknownSections()
    {
        foreach (var child in configuration.GetSection(Path).GetChildren().Where(child => !sections.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            problems.Add(new ConfigurationProblem(
                ErrorCodes.ConfigurationUnknownKey, $"{Path}:{child.Key}", $"there is no such key; there are {string.Join(", ", sections)}"));
        }
    }
}
