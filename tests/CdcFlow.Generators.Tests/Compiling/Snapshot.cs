namespace CdcFlow.Generators.Tests.Compiling;

/// <summary>Compares text with the approved one beside the tests. <c>UPDATE_SNAPSHOTS=1</c> approves what is.</summary>
internal static class Snapshot
{
    private static readonly string folder = Path.Combine(FindRoot(AppContext.BaseDirectory), "tests", "CdcFlow.Generators.Tests", "Snapshots");

    public static void Matches(string name, string text)
    {
        var path = Path.Combine(folder, $"{name}.cs.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"There is no approved text {path}; look at what is generated and run with UPDATE_SNAPSHOTS=1.");
        Assert.Equal(File.ReadAllText(path), text);
    }

    // A deterministic build maps source paths to /_/, so the caller's path leads nowhere: the checkout is found from where the tests run.
    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "CdcFlow.sln"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder.TrimEnd('/', '\\')) ?? throw new InvalidOperationException("The tests do not run inside a checkout."));
}
