using System.Diagnostics;

namespace CdcFlow.Repository.Tests;

/// <summary>The commands that <c>eng/postgres.sh</c> gives to Docker, told by a stand-in that writes them down: they must be right where no engine is at hand.</summary>
public sealed class ContainerTests : IDisposable
{
    private const string Box = "cdcflow-shop-24001";
    private const string StandIn =
        """
        #!/bin/bash
        { printf '%s\n' "$@"; echo; } >> "$STAND_IN/calls"
        case "$1 $2" in
          version*) [ ! -e "$STAND_IN/no-engine" ];;
          'image inspect') [ -e "$STAND_IN/image" ];;
          'inspect -f') [ -e "$STAND_IN/ended" ] || case $3 in *Pid*) echo 4711;; *) echo true;; esac;;
        esac
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-docker-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Missing_image_is_pulled_and_one_that_is_there_is_not()
    {
        Assert.Equal("PostgreSQL: docker postgres:17", (await RunAsync("ensure")).Output.Trim());
        Assert.Contains(["pull", "-q", "postgres:17"], Calls());
        File.Delete(Path.Combine(StandInFolder, "calls"));
        await File.WriteAllTextAsync(Path.Combine(StandInFolder, "image"), "", TestContext.Current.CancellationToken);
        await RunAsync("ensure");
        Assert.DoesNotContain(Calls(), call => call[0] == "pull");
    }

    [Fact]
    public async Task Engine_that_does_not_answer_is_said()
    {
        Directory.CreateDirectory(StandInFolder);
        await File.WriteAllTextAsync(Path.Combine(StandInFolder, "no-engine"), "", TestContext.Current.CancellationToken);
        var run = await RunAsync("ensure");
        Assert.Equal(1, run.Code);
        Assert.Contains("no Docker engine answers", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_is_started_reachable_on_loopback_only_with_its_settings_roles_and_certificates()
    {
        await StartAsync();

        var run = Assert.Single(Calls(), call => call[0] == "run");
        AssertHas(run, "run", "-d", "--rm", "--name", Box, "-p", "127.0.0.1:24001:5432");
        AssertHas(run, "-v", $"{Box}:/data");
        AssertHas(run, "-v", $"{ServerFolder}/tls:/tls:ro", "-v", $"{ServerFolder}/roles.sql:/docker-entrypoint-initdb.d/roles.sql:ro");
        AssertHas(run, "--entrypoint", "bash", "postgres:17", "-c");
        AssertHas(run, "-c", "wal_level=logical");
        AssertHas(run, "-c", "listen_addresses=*");
        AssertHas(run, "-c", "ssl=on", "-c", "ssl_ca_file=/tls/ca.crt", "-c", "ssl_cert_file=/tls/server.crt", "-c", "ssl_key_file=/server.key");
        Assert.Equal(["-c", "wal_sender_timeout=5s"], run[^2..]);
        Assert.True(Array.LastIndexOf(run, "listen_addresses=*") > Array.LastIndexOf(run, "listen_addresses=127.0.0.1"), "the last one counts");
        AssertHas(Calls()[^1], "exec", Box, "pg_isready", "-q", "-h", "127.0.0.1");
        Assert.Contains("CREATE ROLE cdc LOGIN REPLICATION", await File.ReadAllTextAsync($"{ServerFolder}/roles.sql", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var facts = (await RunAsync("env", ServerFolder)).Output.Split('\n');
        Assert.Superset(new HashSet<string> { "HOST=127.0.0.1", "PORT=24001", "PID=4711", "FROM=docker", $"BOX={Box}" }, facts.ToHashSet());
    }

    [Fact]
    public async Task What_runs_inside_hands_every_setting_to_the_images_own_entry_point()
    {
        await StartAsync();
        var run = Assert.Single(Calls(), call => call[0] == "run");
        var inside = run[(Array.IndexOf(run, "postgres:17") + 1)..];
        await WriteProgramAsync("docker-entrypoint.sh", "#!/bin/bash\nprintf '%s\\n' \"$@\"\n");

        var entered = await RunAsync("bash", inside);

        Assert.Equal(0, entered.Code);
        Assert.Equal(["postgres", .. inside[3..]], entered.Output.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Stop_removes_the_data_and_kill_keeps_it_for_the_next_start()
    {
        await StartAsync();
        await RunAsync("stop", ServerFolder, "kill");
        Assert.Equal(["kill", Box], Calls()[^1]);
        await RunAsync("stop", ServerFolder);
        Assert.Equal([["stop", Box], ["volume", "rm", Box]], Calls()[^2..]);
    }

    [Fact]
    public async Task Container_ends_with_its_owner_though_its_process_is_out_of_sight()
    {
        await StartAsync();
        using var owner = Process.Start(new ProcessStartInfo("sleep", "600"))!;
        var watcher = RunAsync("stop-with-owner", owner.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), ServerFolder, "4711");
        owner.Kill();
        await owner.WaitForExitAsync(TestContext.Current.CancellationToken);
        await watcher;
        Assert.Equal([["stop", Box], ["volume", "rm", Box]], Calls()[^2..]);

        await File.WriteAllTextAsync(Path.Combine(StandInFolder, "ended"), "", TestContext.Current.CancellationToken);
        var calls = Calls().Length;
        using var living = Process.Start(new ProcessStartInfo("sleep", "600"))!;
        await RunAsync("stop-with-owner", living.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), ServerFolder, "4711");
        living.Kill();
        Assert.DoesNotContain(Calls()[calls..], call => call[0] == "stop");
    }

    private string StandInFolder => Path.Combine(folder, "stand-in");

    private string ServerFolder => Path.Combine(folder, "server");

    private async Task StartAsync()
    {
        var start = await RunAsync("start", "shop", ServerFolder, "24001", "-c", "wal_sender_timeout=5s");
        Assert.True(start.Code == 0, start.Error);
    }

    /// <summary>What Docker was told, call by call.</summary>
    private string[][] Calls() =>
        [.. File.ReadAllText(Path.Combine(StandInFolder, "calls")).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(call => call.Split('\n'))];

    private static void AssertHas(string[] call, params string[] part) => Assert.True(
        Enumerable.Range(0, call.Length).Any(at => call.Skip(at).Take(part.Length).SequenceEqual(part)), $"{string.Join(' ', part)}\nis not in\n{string.Join(' ', call)}");

    private Task<(int Code, string Output, string Error)> RunAsync(string verb, params string[] arguments) =>
        verb == "bash" ? ExecuteAsync(arguments) : ExecuteAsync([Path.Combine(Repository.Root, "eng", "postgres.sh"), verb, .. arguments]);

    private async Task<(int Code, string Output, string Error)> ExecuteAsync(string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The scripts of eng/ are for Linux.");
        Directory.CreateDirectory(StandInFolder);
        OpenToAll(folder);
        await WriteProgramAsync("docker", StandIn);
        var start = new ProcessStartInfo("bash", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{StandInFolder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["STAND_IN"] = StandInFolder;
        start.Environment["POSTGRES_FROM"] = "docker";
        start.Environment.Remove("SERVERS_OWNER_PID");
        start.Environment.Remove("POSTGRES_IMAGE");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    private async Task WriteProgramAsync(string name, string text)
    {
        var path = Path.Combine(StandInFolder, name);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        OpenToAll(path);
    }

    private static void OpenToAll(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }
    }
}
