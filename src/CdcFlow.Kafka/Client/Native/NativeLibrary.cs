using System.Diagnostics;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Loader = System.Runtime.InteropServices.NativeLibrary;

namespace CdcFlow.Kafka.Client.Native;

/// <summary>The native library that the package loads, librdkafka: which file it is, and why there is none.</summary>
internal static class NativeLibrary
{
    // What the package tries on Linux, in its order: the first wants libsasl2.so.3, which Debian and Ubuntu call otherwise, the second glibc alone; the third is for musl.
    private static readonly string[] names = ["librdkafka", "centos8-librdkafka", "alpine-librdkafka"];

    /// <summary>The version of the library, which is loaded for it.</summary>
    /// <exception cref="DllNotFoundException">It does not load; with what the loader says of each of its files, which the package does not tell.</exception>
    internal static int Version()
    {
        try
        {
            return Library.Version;
        }
        catch (DllNotFoundException)
        {
            _ = Load(name => Loader.Load(name, typeof(NativeLibrary).Assembly, null));
            throw;
        }
    }

    /// <summary>Turns the loader's refusal into a sentence that says what to install.</summary>
    /// <param name="version">Loads the library.</param>
    /// <exception cref="CdcFlowException">CDCF5217: it is missing, for another processor, lacks a library that it needs itself, or is too old.</exception>
    internal static void Require(Func<int> version)
    {
        try
        {
            _ = version();
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or FileLoadException)
        {
            throw new CdcFlowException(
                KafkaClientErrorCodes.LibraryMissing,
                $"The native Kafka client librdkafka does not load on {RuntimeInformation.RuntimeIdentifier}: {error.Message.TrimEnd('.', ' ', '\n')}.",
                $"Install what the loader misses. Where it finds no file, run `dotnet publish -r {RuntimeInformation.RuntimeIdentifier}`: the package librdkafka.redist, which "
                + "comes with CdcFlow.Kafka, then puts its library beside the program. For a platform that the package lacks, install librdkafka and its development files.",
                inner: error);
        }
    }

    /// <summary>Loads the first of the files that loads.</summary>
    /// <param name="load">Loads a library of that name, or throws what the loader says.</param>
    /// <exception cref="DllNotFoundException">None does; with what the loader said of each.</exception>
    internal static nint Load(Func<string, nint> load)
    {
        List<string> said = [];
        foreach (var name in names)
        {
            try
            {
                return load(name);
            }
            catch (Exception refusal) when (refusal is DllNotFoundException or BadImageFormatException)
            {
                said.Add(Reason(name, refusal.Message));
            }
        }

        throw new DllNotFoundException(string.Join(' ', said));
    }

    /// <summary>The file that the package has loaded, opened once more; 0 where that cannot be told for certain.</summary>
    internal static nint Loaded()
    {
        _ = Version();
        using var process = Process.GetCurrentProcess();
        var files = process.Modules.Cast<ProcessModule>()
            .Where(module => Path.GetFileNameWithoutExtension(module.ModuleName) is var name && names.Contains(name, StringComparer.OrdinalIgnoreCase))
            .Select(module => module.FileName).Distinct(StringComparer.Ordinal).ToList();
        return files is [var file] && Loader.TryLoad(file, out var library) ? library : 0;
    }

    // .NET tries a dozen paths and quotes the loader for each. That there is no such file says nothing, unless it is said of all.
    private static string Reason(string name, string message)
    {
        var telling = message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Contains(": ", StringComparison.Ordinal)
                && !line.StartsWith("Unable to load", StringComparison.Ordinal) && !line.StartsWith("Dynamic loading", StringComparison.Ordinal)
                && !IsAnotherPath(name, line))
            .Distinct().Take(3).ToList();
        return $"{name}: {(telling.Count > 0 ? string.Join("; ", telling).TrimEnd('.') : "no such file")}.";
    }

    private static bool IsAnotherPath(string name, string line)
    {
        var (path, reason) = (line[..line.IndexOf(": ", StringComparison.Ordinal)], line.ToUpperInvariant());
        return path.Contains(name, StringComparison.Ordinal)
            && (reason.Contains("NO SUCH FILE", StringComparison.Ordinal) || reason.Contains("IS A DIRECTORY", StringComparison.Ordinal));
    }
}
