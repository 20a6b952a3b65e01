using System.Diagnostics;

namespace CdcFlow.Repository.Tests;

/// <summary>
/// The scripts in a checkout and with a temporary folder whose names have blanks and a quote in them, beside a folder that a path cut at its first blank
/// would hit. What they would compile, download and start is played by stand-ins.
/// </summary>
public sealed class ScriptTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("cdcflow-scripts-").FullName;

    public ScriptTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The scripts of eng/ are for Linux.");
        OpenToAll(folder); // root's servers are another user's
        foreach (var script in Repository.Files("*.sh", "eng").Append("build.sh").Append(".ci/run").Append("CdcFlow.sln"))
        {
            Write(Path.Combine(Checkout, script), Repository.Read(script));
        }

        Write(Path.Combine(StandIns, "dotnet"), "#!/bin/sh\nexit 0\n");
        Write(Path.Combine(Temporary, "..", "temporary", "foreign"), "somebody else's");
        Directory.CreateDirectory(Temporary);
    }

    private string Checkout => Path.Combine(folder, "it's a checkout");

    private string Temporary => Path.Combine(folder, "temporary o'files");

    private string StandIns => Path.Combine(folder, "stand ins");

    private string[] Foreign => [.. Directory.EnumerateFileSystemEntries(Path.Combine(folder, "temporary"))];

    public void Dispose()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("build.sh", "test")]
    [InlineData(".ci/run")]
    public async Task Every_test_program_is_run_and_summed(string script, params string[] verb)
    {
        foreach (var line in Repository.Read("CdcFlow.sln").Split('\n').Where(line => line.Contains(".Tests.csproj", StringComparison.Ordinal)))
        {
            var name = line.Split('"').First(part => part.EndsWith(".Tests", StringComparison.Ordinal));
            Write(Path.Combine(Checkout, $"artifacts/bin/{name}/debug/{name}"), $"#!/bin/sh\necho '  {name}  Total: 3, Errors: 0, Failed: 0, Skipped: 1, Not Run: 0'\n");
        }

        var programs = Directory.GetDirectories(Path.Combine(Checkout, "artifacts/bin")).Length;
        var (code, output, error) = await RunAsync(script, verb);
        Assert.True(code == 0, error);
        Assert.EndsWith($"\n{2 * programs} passed, 0 failed, {programs} skipped", output.TrimEnd(), StringComparison.Ordinal);
        AssertTidy();
    }

    [Fact]
    public async Task What_fails_is_said_once_more_and_ends_with_1()
    {
        Write(Path.Combine(Checkout, "CdcFlow.sln"), "Project(\"{0}\") = \"A.Tests\", \"tests\\A.Tests\\A.Tests.csproj\", \"{1}\"\n");
        Write(Path.Combine(Checkout, "artifacts/bin/A.Tests/debug/A.Tests"), "#!/bin/sh\necho '    A.broken [FAIL]'\necho '  A.Tests  Total: 3, Errors: 0, Failed: 1, Skipped: 0, Not Run: 0'\nexit 1\n");
        var (code, output, error) = await RunAsync("build.sh", "test");
        Assert.Equal(1, code);
        Assert.Equal(2, output.Split("A.broken").Length - 1);
        Assert.EndsWith("2 passed, 1 failed, 0 skipped", output.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("not green: A.Tests (exit code 1, 3 tests)", error, StringComparison.Ordinal);
        AssertTidy();
    }

    [Fact]
    public async Task Demo_is_told_its_pipeline_and_its_folder()
    {
        Write(Path.Combine(Checkout, "artifacts/bin/Shop/release/Shop"), "#!/bin/sh\nprintf '%s\\n' \"$@\" \"$SHOP_PIPELINE\" \"$SHOP_FOLDER\" \"$POSTGRES_BIN\"\n");
        var (code, output, error) = await RunAsync("build.sh", "crash", "kafka", "7");
        Assert.True(code == 0, error);
        Assert.Equal(
            ["crash", "kafka", "7", "50", $"{Checkout}/artifacts/bin/OrdersToKafka/release/OrdersToKafka", $"{Checkout}/artifacts/crash-kafka", $"{folder}/a server's/bin"],
            output.TrimEnd().Split('\n'));
        AssertTidy();
    }

    [Fact]
    public async Task Audit_leaves_nothing()
    {
        Assert.Equal(0, (await RunAsync("eng/audit.sh")).Code);
        AssertTidy();
    }

    [Fact]
    public async Task Unpacked_server_is_started_by_the_loader_it_came_with()
    {
        WriteApt();
        var (code, output, error) = await RunAsync("eng/postgres.sh");
        Assert.True(code == 0, error);
        Assert.Equal($"{Checkout}/.servers/postgres/usr/lib/postgresql/15/bin", output.TrimEnd());
        var (_, started, _) = await ExecuteAsync(Path.Combine(output.TrimEnd(), "postgres"), ["-D", "a b"], "any");
        var root = $"{Checkout}/.servers/postgres";
        Assert.Equal(["--library-path", $"{root}/lib:{root}/usr/lib", $"{root}/usr/lib/postgresql/15/bin/postgres.elf", "-D", "a b"], started.TrimEnd().Split('\n'));
        AssertTidy();
    }

    /// <summary>Where the checkout is out of the server's reach, as in root's home, the packages go to a folder whose name everybody can guess.</summary>
    [Theory]
    [InlineData(null, true)]
    [InlineData("u=rwx,go=rx", true)]
    [InlineData("a=rwx", false)]
    public async Task Guessable_folder_is_used_only_when_nobody_else_can_have_put_programs_there(string? mode, bool isUsed)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root's servers run as another user.");
        WriteApt();
        await ExecuteAsync("chmod", ["700", Checkout], "any");
        var guessable = Path.Combine(Temporary, "cdcflow-servers");
        if (mode is not null)
        {
            Directory.CreateDirectory(guessable);
            await ExecuteAsync("chmod", [mode, guessable], "any");
        }

        var (code, output, error) = await RunAsync("eng/postgres.sh");
        Assert.True(code == 0, error);
        Assert.Equal(isUsed, output.StartsWith(guessable + "/", StringComparison.Ordinal));
        Assert.Equal(!isUsed, error.Contains($"warning: {guessable} is not ours alone", StringComparison.Ordinal));
    }

    /// <summary>A package of a server, and one of a loader with its library.</summary>
    private void WriteApt()
    {
        Write(Path.Combine(StandIns, "apt-get"),
            """
            #!/bin/bash
            case " $* " in
              *' install '*) echo 'Inst postgresql-15 (15.1 Debian)'; echo 'Inst perl (5 Debian)';;
              *' download '*) [ "${*: -1}" = postgresql-15=15.1 ] && touch server.deb;;
            esac
            """);
        Write(Path.Combine(StandIns, "dpkg-deb"),
            """
            #!/bin/bash
            mkdir -p "$3"/usr/lib/postgresql/15/bin "$3"/lib
            touch "$3"/lib/libc.so.6 "$3"/usr/lib/libpq.so.5
            for program in postgres initdb; do printf '\177ELF' > "$3/usr/lib/postgresql/15/bin/$program"; done
            printf '#!/bin/sh\nprintf "%%s\\n" "$@"\n' > "$3/lib/ld-linux-x86-64.so.2"; chmod 755 "$3/lib/ld-linux-x86-64.so.2"
            """);
    }

    private void AssertTidy()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(Temporary));
        Assert.Single(Foreign);
        Assert.Equal(["it's a checkout", "stand ins", "temporary", "temporary o'files"], Directory.EnumerateDirectories(folder).Select(Path.GetFileName).Except(["a server's", "kafka home"]).Order(StringComparer.Ordinal));
    }

    private Task<(int Code, string Output, string Error)> RunAsync(string script, params string[] arguments)
    {
        foreach (var program in new[] { "postgres", "initdb" })
        {
            Write(Path.Combine(folder, "a server's/bin", program), "#!/bin/sh\n");
        }

        Write(Path.Combine(folder, "kafka home/libs/kafka-clients-4.jar"), "");
        var needsPackages = File.Exists(Path.Combine(StandIns, "apt-get"));
        return ExecuteAsync("bash", [Path.Combine(Checkout, script), .. arguments], needsPackages ? "packages" : "any");
    }

    private async Task<(int Code, string Output, string Error)> ExecuteAsync(string program, string[] arguments, string from)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["PATH"] = $"{StandIns}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["TMPDIR"] = Temporary;
        start.Environment["POSTGRES_BIN"] = Path.Combine(folder, "a server's/bin");
        start.Environment["POSTGRES_FROM"] = from;
        start.Environment["KAFKA_HOME"] = Path.Combine(folder, "kafka home");
        start.Environment["SCHEMA_REGISTRY_HOME"] = folder;
        start.Environment.Remove("SERVERS_HOME");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
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
