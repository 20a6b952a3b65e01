using System.Globalization;

namespace CdcFlow.Postgres.Source.Tests;

/// <summary>What a process holds at most while large rows go through it: docs/reference/postgres-source.md, "Large rows".</summary>
public class PeakMemoryTests(SharedServer shared)
{
    private const int RowMegabytes = 40;
    private const int Rows = 5;

    /// <summary>What a pipeline without large rows holds at most, in megabytes.</summary>
    private const int Ordinary = 120;

    private static readonly string table =
        "CREATE TABLE document (id bigint PRIMARY KEY, body text, data bytea); ALTER TABLE document ALTER body SET STORAGE EXTERNAL, ALTER data SET STORAGE EXTERNAL";

    [Theory]
    [InlineData("null", "snapshot", 3)]
    [InlineData("null", "log", 3)]
    [InlineData("null", "log of transactions in progress", 3)]
    [InlineData("files", "snapshot", 4)]
    [InlineData("files", "log", 4)]
    [InlineData("postgres", "snapshot", 7)]
    [InlineData("postgres", "log", 7)]
    public async Task Large_rows_are_held_one_at_a_time(string sink, string where, int times)
    {
        var database = await CreateAsync(isStreamed: where == "log of transactions in progress");
        using var program = new LargeRowsProgram(database, sink);
        if (where != "snapshot")
        {
            await RunAsync(program);
        }

        await database.ExecuteAsync($"INSERT INTO document SELECT i, {Text(RowMegabytes)} FROM generate_series(1, {Rows}) i");
        var peak = await RunAsync(program);

        Assert.InRange(peak, 0, Ordinary + (RowMegabytes * (times + 1)));
        if (sink == "postgres")
        {
            Assert.Empty(await database.QueryAsync("SELECT FROM document d FULL JOIN copied c USING (id) WHERE d.body IS DISTINCT FROM c.body"));
        }
    }

    [Fact]
    public async Task Process_that_saw_a_large_row_holds_afterwards_what_it_held_before()
    {
        var database = await CreateAsync(isStreamed: false);
        using var program = new LargeRowsProgram(database, "null");
        using var process = program.Start();
        try
        {
            await database.ExecuteAsync("INSERT INTO document VALUES (1)");
            var before = await LargeRowsProgram.HoldsAsync(process);
            await database.ExecuteAsync($"INSERT INTO document SELECT 2, {Text(RowMegabytes)}");
            long after;
            var id = 3;
            do
            {
                await database.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO document VALUES ({id++})"));
                after = await LargeRowsProgram.HoldsAsync(process);
            }
            while (after >= before + RowMegabytes);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [Trait("WayOut", "CDCF4019")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_for_which_there_is_no_memory_stops_with_its_table_and_size_and_more_memory_lets_it_through(bool inTheLog)
    {
        const string hardLimit = "DOTNET_GCHeapHardLimit";
        var database = await CreateAsync(isStreamed: false);
        using var program = new LargeRowsProgram(database, "files");
        if (inTheLog)
        {
            await RunAsync(program);
        }

        await database.ExecuteAsync($"INSERT INTO document SELECT 1, {Text(2 * RowMegabytes)}");
        program.Environment[hardLimit] = "8000000"; // 128 MiB: the message fits, the text does not
        for (var start = 1; start <= 2; start++)
        {
            var (exitCode, output, _) = await program.RunAsync();
            Assert.NotEqual(0, exitCode);
            Assert.Contains("CDCF4019", output, StringComparison.Ordinal);
            Assert.Contains("of table public.document is 80,000,", output, StringComparison.Ordinal);
            Assert.Contains($"Give the process 560,000,", output, StringComparison.Ordinal);
            Assert.Contains(hardLimit, output, StringComparison.Ordinal);
        }

        program.Environment.Remove(hardLimit);
        await RunAsync(program);
    }

    private static string Text(int megabytes) => string.Create(CultureInfo.InvariantCulture, $"repeat('0123456789', {megabytes * 100_000})");

    private static async Task<long> RunAsync(LargeRowsProgram program)
    {
        var (exitCode, output, peak) = await program.RunAsync();
        Assert.True(exitCode == 0, output);
        return peak;
    }

    // Beyond this much memory the server sends transactions that are still in progress.
    private async Task<TestDatabase> CreateAsync(bool isStreamed)
    {
        var database = await shared.CreateAsync();
        Assert.SkipUnless(File.Exists("/proc/self/status"), "This system does not tell what a process holds.");
        await database.ExecuteAsync($"ALTER DATABASE {database.Name} SET logical_decoding_work_mem = '{(isStreamed ? "64kB" : "1GB")}'; {table}");
        return database;
    }
}
