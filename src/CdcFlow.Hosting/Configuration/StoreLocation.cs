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

        if (!text.Contains("://", StringComparison.Ordinal) && !text.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            return new StoreLocation(text, IsDefault: false);
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { IsFile: true, IsUnc: false })
        {
            return new StoreLocation(url.LocalPath, IsDefault: false);
        }

        // The text is not repeated: a URL may carry a password.
        Report(ErrorCodes.ConfigurationValue, "it is neither a path nor a file: URL, and there is no other kind of store yet");
        return fallback;

        void Report(string code, string sentence) => problems.Add(new ConfigurationProblem(code, $"{checkpoint.Path}:Store", sentence));
    }

    /// <summary>The store.</summary>
    public ICheckpointStore Open(string pipeline, TimeProvider time) => new FileCheckpointStore(pipeline, Directory, LocalFileSystem.OwnerOnly, time);
}
