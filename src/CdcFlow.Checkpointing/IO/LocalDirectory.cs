using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CdcFlow.Checkpointing.IO;

/// <summary>Makes a directory's entries durable.</summary>
/// <remarks>.NET opens no directories (<see href="https://github.com/dotnet/runtime/issues/28169"/>), so the C library is asked.
/// Windows has no such call and needs none: NTFS journals renames in order.</remarks>
internal static partial class LocalDirectory
{
    private const int ReadOnly = 0;

    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var directory = new SafeFileHandle(Open(path, ReadOnly), ownsHandle: true);
        if (directory.IsInvalid || FSync(directory) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            throw new IOException($"Directory '{path}' could not be made durable: {Marshal.GetPInvokeErrorMessage(errno)}.", errno);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);
}
