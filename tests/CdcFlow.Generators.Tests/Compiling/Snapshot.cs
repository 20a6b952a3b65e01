using System.Runtime.CompilerServices;

namespace CdcFlow.Generators.Tests.Compiling;

/// <summary>Compares text with the approved one beside the tests. <c>UPDATE_SNAPSHOTS=1</c> approves what is.</summary>
internal static class Snapshot
{
    public static void Matches(string name, string text, [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testFile)!, "Snapshots", $"{name}.cs.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"There is no approved text {path}; look at what is generated and run with UPDATE_SNAPSHOTS=1.");
        Assert.Equal(File.ReadAllText(path), text);
    }
}
