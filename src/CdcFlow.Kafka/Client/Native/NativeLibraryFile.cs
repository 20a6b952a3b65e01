using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CdcFlow.Kafka.Client.Native;

/// <summary>Finds the file of librdkafka that loads on this machine: the package brings several for Linux, built for different distributions.</summary>
internal static class NativeLibraryFile
{
    // librdkafka.so wants libsasl2.so.3, which Debian and Ubuntu call otherwise; the second needs glibc alone, the third is for musl.
    private static readonly string[] names = ["librdkafka", "centos8-librdkafka", "alpine-librdkafka"];

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

#pragma warning disable CA2255 // the first import may be called from anywhere
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => NativeLibrary.SetDllImportResolver(
        typeof(NativeLibraryFile).Assembly,
        (library, assembly, path) => library == names[0] ? Load(name => NativeLibrary.Load(name, assembly, path)) : 0);

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
