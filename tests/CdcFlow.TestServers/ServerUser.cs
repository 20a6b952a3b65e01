using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CdcFlow.TestServers;

/// <summary>
/// PostgreSQL refuses to run as root. A test run by root (a container, usually) starts its servers as <c>nobody</c>; any other user as itself.
/// </summary>
internal static partial class ServerUser
{
    private const uint Nobody = 65534;

    private static readonly bool isRoot = !OperatingSystem.IsWindows() && EffectiveUserId() == 0;

    /// <summary>The words to put before a command so that it runs as the server's user.</summary>
    internal static string[] CommandPrefix => !isRoot
        ? []
        : File.Exists("/usr/bin/setpriv")
            ? ["/usr/bin/setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--"]
            : ["runuser", "-u", "nobody", "--"];

    internal static void GiveFolder(string folder)
    {
        if (!isRoot)
        {
            return;
        }

        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Append(folder))
        {
            if (ChangeOwner(path, Nobody, Nobody) != 0)
            {
                throw new IOException($"chown {path}: error {Marshal.GetLastPInvokeError()}");
            }
        }
    }

    /// <summary>Runs one command as the server's user to its end; throws with its output when it fails.</summary>
    internal static async Task RunAsync(IEnumerable<string> command, CancellationToken cancellationToken)
    {
        string[] words = [.. CommandPrefix, .. command];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{words[^1]} ended with {process.ExitCode}: {await output}{await error}");
        }
    }

    /// <summary>Sends a signal; a process that is already gone is no error.</summary>
    internal static void Signal(int processId, Signal signal) => _ = Kill(processId, (int)signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint owner, uint group);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}

/// <summary>Linux signal numbers.</summary>
internal enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
