using CdcFlow.Kafka.Client.Native;
using Loader = System.Runtime.InteropServices.NativeLibrary;

namespace CdcFlow.Kafka.Tests;

public sealed class NativeLibraryTests
{
    [Fact]
    public void Library_that_does_not_load_is_an_error_that_says_what_to_install()
    {
        Exception[] refusals = [new DllNotFoundException("libsasl2.so.3: gone"), new BadImageFormatException("wrong ELF class"), new EntryPointNotFoundException("rd_kafka_new")];
        foreach (var refusal in refusals)
        {
            var error = Assert.Throws<CdcFlowException>(() => NativeLibrary.Require(() => throw refusal));
            Assert.Equal("CDCF5217", error.Code);
            Assert.Same(refusal, error.InnerException);
            Assert.Contains(refusal.Message, error.Message, StringComparison.Ordinal);
            Assert.Contains("librdkafka.redist", error.Fix, StringComparison.Ordinal);
        }
    }

    [Fact, Trait("WayOut", "CDCF5217")]
    public void Library_that_is_missing_loads_once_it_is_put_beside_the_program()
    {
        var own = Path.GetDirectoryName(typeof(NativeLibraryTests).Assembly.Location)!;
        var library = Directory.GetFiles(own, "*librdkafka.*", SearchOption.AllDirectories).First(file => Loader.TryLoad(file, out _));
        var program = Directory.CreateTempSubdirectory("cdcflow-program-").FullName;
        int Load() => (int)NativeLibrary.Load(name => Loader.Load(Path.Combine(program, $"{name}.so")));
        for (var start = 1; start <= 2; start++)
        {
            var error = Assert.Throws<CdcFlowException>(() => NativeLibrary.Require(Load));
            Assert.Equal("CDCF5217", error.Code);
            Assert.Contains("then puts its library beside the program", error.Fix, StringComparison.Ordinal);
        }

        File.Copy(library, Path.Combine(program, "librdkafka.so"));
        NativeLibrary.Require(Load);
        Directory.Delete(program, recursive: true);
    }

    [Fact]
    public void Library_that_loads_is_no_error() => NativeLibrary.Require(() => 1);

    [Fact]
    public void File_that_does_not_load_gives_way_to_the_next_and_the_first_that_loads_is_taken()
    {
        List<string> tried = [];
        var taken = NativeLibrary.Load(name =>
        {
            tried.Add(name);
            return name == "librdkafka" ? throw new DllNotFoundException("libsasl2.so.3: cannot open shared object file: No such file or directory") : 42;
        });
        Assert.Equal((42, "librdkafka centos8-librdkafka"), (taken, string.Join(' ', tried)));
    }

    [Fact]
    public void Where_none_loads_the_loader_is_quoted_for_each_without_the_paths_that_it_tried()
    {
        var error = Assert.Throws<DllNotFoundException>(() => NativeLibrary.Load(name => throw new DllNotFoundException(name switch
        {
            "librdkafka" => Said("librdkafka", "libsasl2.so.3: cannot open shared object file: No such file or directory"),
            "centos8-librdkafka" => Said("centos8-librdkafka", "/lib/libc.so.6: version `GLIBC_2.28' not found (required by /app/centos8-librdkafka.so)"),
            _ => Said(name, ""),
        })));
        Assert.Equal(
            "librdkafka: libsasl2.so.3: cannot open shared object file: No such file or directory. "
            + "centos8-librdkafka: /lib/libc.so.6: version `GLIBC_2.28' not found (required by /app/centos8-librdkafka.so). "
            + "alpine-librdkafka: no such file.",
            error.Message);
    }

    private static string Said(string name, string reason) =>
        $"Unable to load shared library '{name}' or one of its dependencies. In order to help diagnose loading problems, consider using a tool like strace: \n{reason}\n"
        + $"/app/lib{name}.so: cannot open shared object file: No such file or directory\n/app/{name}: cannot read file data: Is a directory\n";
}
