using System.Diagnostics;
using System.Globalization;

namespace CdcFlow.TestServers;

/// <summary>
/// A server process under a small shell that outlives neither: when the test process dies, however it dies, its end of the pipe closes,
/// the shell stops the server and removes the folder. Whoever starts one holds it: a collected one counts as dead.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    // A program that the shell starts in the background ignores INT unless it says otherwise, as PostgreSQL does and Java does not. What a killed
    // server's children still write keeps the folder from being removed for a moment.
    private const string Guard = """
        folder=$1 log=$2; shift 2; exec 2>> "$log"
        "$@" >> "$log" 2>&1 < /dev/null &
        server=$!; echo $server
        read -r _ || orphan=1
        [ -z "$orphan" ] || { kill -INT $server; (sleep 5; kill -KILL $server) & killer=$!; }
        wait $server; code=$?
        [ -z "$orphan" ] || { kill $killer; tries=0; until rm -rf "$folder" || [ $tries -ge 100 ]; do tries=$((tries + 1)); sleep 0.1; done; }
        exit $code
        """;

    private readonly Process guard;

    private ServerProcess(Process guard, int id)
    {
        this.guard = guard;
        Id = id;
    }

    internal int Id { get; }

    internal bool HasExited => IsDead(Id);

    internal static async Task<ServerProcess> StartAsync(string folder, string log, IEnumerable<string> command, CancellationToken cancellationToken)
    {
        // In a session of its own: Ctrl-C in the terminal is for the pipeline; the server ends when whoever holds it lets go.
        var start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", Guard, "sh", folder, log, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        var guard = Process.Start(start)!;
        var id = await guard.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException("The shell that guards the server ended at once.");
        return new ServerProcess(guard, int.Parse(id, CultureInfo.InvariantCulture));
    }

    /// <summary>Waits for processes that were sent a signal they cannot ignore.</summary>
    internal static async Task WaitUntilDeadAsync(IReadOnlyCollection<int> ids, CancellationToken cancellationToken)
    {
        while (!ids.All(IsDead))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellationToken);
        }
    }

    internal void Send(Signal signal) => ServerUser.Signal(Id, signal);

    /// <summary>Processes whose parent is the server.</summary>
    internal IEnumerable<int> Children()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && ParentOf(folder) == Id)
            {
                yield return id;
            }
        }
    }

    /// <summary>Returns when the server has ended and its process id is free again.</summary>
    internal async Task WaitForExitAsync(CancellationToken cancellationToken)
    {
        if (!guard.HasExited)
        {
            await guard.StandardInput.WriteLineAsync("stopped".AsMemory(), cancellationToken);
            await guard.StandardInput.FlushAsync(cancellationToken);
            await guard.WaitForExitAsync(cancellationToken);
        }
    }

    public void Dispose() => guard.Dispose();

    // A zombie has released everything but its id.
    private static bool IsDead(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] == 'Z';
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static int ParentOf(string processFolder)
    {
        try
        {
            var stat = File.ReadAllText($"{processFolder}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // It ended while we looked.
        }
    }
}
