using CdcFlow.Checkpointing.IO;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using CdcFlow.Configuration;

namespace CdcFlow.Hosting.Configuration;

/// <summary>Where a pipeline's checkpoints are kept.</summary>
/// <param name="Directory">The folder, as it was configured.</param>
/// <param name="IsDefault">Whether nobody chose it.</param>
internal sealed record StoreLocation(string Directory, bool IsDefault)
{
    /// <summary>Reads <c>Checkpoint:Store</c>: a path, or a <c>file:</c> URL.</summary>
    public static StoreLocation Read(ConnectorSettings checkpoint, string pipeline, bool isDevelopment, ICollection<ConfigurationProblem> problems)
    {
        var fallback = new StoreLocation(Path.Combine("cdcflow-state", pipeline), IsDefault: true);
        if (checkpoint.GetString("Store", null) is not { } text || string.IsNullOrWhiteSpace(text))
        {
            if (!isDevelopment)
            {
                Report(ErrorCodes.ConfigurationMissing, "it is missing; write the folder that keeps the checkpoints, on a disk that outlives the process");
            }

            return fallback;
        }

        var isUrl = text.Contains("://", StringComparison.Ordinal) || text.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
        if ((isUrl ? PathOf(text) : text) is { } path && !path.Any(char.IsControl))
        {
            return new StoreLocation(path, IsDefault: false);
        }

        // The text is not repeated: a URL may carry a password.
        Report(ErrorCodes.ConfigurationValue, "it is neither a path nor a file: URL such as file:///var/lib/orders, without control characters; there is no other kind of store yet");
        return fallback;

        void Report(string code, string sentence) => problems.Add(new ConfigurationProblem(code, $"{checkpoint.Path}:Store", sentence));
    }

    /// <summary>Null when it is not the address of a file on this machine: with a host's name it would be another's, and without a slash it says not where it begins.</summary>
    private static string? PathOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { IsFile: true, IsUnc: false, Query: "", Fragment: "" } && text.StartsWith("file:/", StringComparison.OrdinalIgnoreCase) ? url.LocalPath : null;

    /// <summary>The store.</summary>
    public ICheckpointStore Open(string pipeline, TimeProvider time) => new FileCheckpointStore(pipeline, Directory, LocalFileSystem.OwnerOnly, time);
}
