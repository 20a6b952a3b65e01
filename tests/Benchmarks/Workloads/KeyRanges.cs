using CdcFlow.Benchmarks.Measure;

namespace CdcFlow.Benchmarks.Workloads;

/// <summary>psql reading the table as a snapshot does that can resume inside it: range after range of the key, each in a snapshot of its own.</summary>
internal sealed class KeyRanges(long rows) : IDisposable
{
    /// <summary>Keys of a range: about as many as we read at a time.</summary>
    internal const int Rows = 16_384;

    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-bench-").FullName;

    /// <summary>Reads all ranges, each process the same share of them at the same time.</summary>
    internal async Task<Run> ReadAsync(BenchServer server, int processes)
    {
        var share = (rows + processes - 1) / processes;
        var runs = await Task.WhenAll(Enumerable.Range(0, processes).Select(process => Run.OfAsync(
            BenchServer.Program("psql"), [.. server.ClientArguments, "-X", "-q", "-o", "/dev/null", "-f", Script(process * share, Math.Min(rows, (process + 1) * share))])));
        return new Run(runs.Max(run => run.Wall), runs.Max(run => run.Cpu), "");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Script(long after, long upTo)
    {
        var path = Path.Combine(folder, $"{after}-{upTo}.sql");
        if (!File.Exists(path))
        {
            using var script = File.CreateText(path);
            for (; after < upTo; after += Rows)
            {
                script.WriteLine("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;");
                script.WriteLine($"COPY (SELECT * FROM order_line WHERE id > {after} AND id <= {Math.Min(upTo, after + Rows)}) TO STDOUT (FORMAT binary);");
                script.WriteLine("COMMIT;");
            }
        }

        return path;
    }
}
