using System.Diagnostics;

namespace CdcFlow.TestServers;

/// <summary>A schema registry with Confluent's API: a running one that <c>SCHEMA_REGISTRY_URL</c> names, or else a throwaway Apicurio Registry from the
/// folder that <c>SCHEMA_REGISTRY_HOME</c> names (with its <c>*-runner.jar</c>), in memory, one per test process, and ending with it.</summary>
public static class SchemaRegistryServer
{
    private static readonly TimeSpan readyWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan pollEvery = TimeSpan.FromMilliseconds(50);

    private static readonly string? running = Environment.GetEnvironmentVariable("SCHEMA_REGISTRY_URL") is { Length: > 0 } url ? url : null;
    private static readonly string? program = Environment.GetEnvironmentVariable("SCHEMA_REGISTRY_HOME") is { Length: > 0 } home && Directory.Exists(home)
        ? Directory.EnumerateFiles(home, "*-runner.jar").FirstOrDefault()
        : null;

    private static readonly Lazy<Task<string>> address = new(StartAsync);

    /// <summary>Held for as long as the tests run: collected, it would close the pipe that its guard waits on.</summary>
    private static ServerProcess? process;

    /// <summary>Null when there is one; otherwise the sentence to skip with.</summary>
    public static string? Missing =>
        running is not null ? null
        : program is null ? "No schema registry found: set SCHEMA_REGISTRY_URL to the address of one with Confluent's API, or SCHEMA_REGISTRY_HOME to a folder with Apicurio Registry's runner."
        : KafkaHome.Java is null ? "The schema registry needs Java 17 or newer: put java on PATH or set JAVA_HOME."
        : null;

    /// <summary>Where it is; starts it when it does not run yet.</summary>
    public static Task<string> AddressAsync() => address.Value;

    private static async Task<string> StartAsync()
    {
        if (running is not null)
        {
            return running;
        }

        var port = Loopback.FreePort();
        var folder = Directory.CreateTempSubdirectory("cdcflow-registry-").FullName;
        var log = Path.Combine(folder, "server.log");
        string[] command =
        [
            KafkaHome.Java!, "-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dquarkus.http.host=127.0.0.1", $"-Dquarkus.http.port={port}", "-Dquarkus.log.level=WARN", "-jar", program!,
        ];
        process = await ServerProcess.StartAsync(folder, log, command, CancellationToken.None);
        var found = $"http://127.0.0.1:{port}/apis/ccompat/v7";
        var started = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(found))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > readyWithin)
            {
                throw new InvalidOperationException("The schema registry did not start: " + string.Join('\n', (await File.ReadAllLinesAsync(log)).TakeLast(20)));
            }

            await Task.Delay(pollEvery);
        }

        return found;
    }

    private static async Task<bool> AnswersAsync(string found)
    {
        using var http = new HttpClient();
        try
        {
            using var answer = await http.GetAsync($"{found}/subjects");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
