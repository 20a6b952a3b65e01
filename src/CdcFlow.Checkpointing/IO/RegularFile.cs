using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CdcFlow.Checkpointing.IO;

/// <summary>Opens a file that somebody else may have put in place: a link is not followed, and a FIFO is not waited for.</summary>
/// <remarks>.NET opens with a plain <c>open</c>, which follows links and waits for a FIFO's other end without an end; so the C library is asked. Only the last part of the path is meant: folders may be links.</remarks>
internal static partial class RegularFile
{
    private const int Interrupted = 4; // EINTR
    private const int NobodyAtTheOtherEnd = 6; // ENXIO: a FIFO, or a socket

    private static int LinksInTheWay => OperatingSystem.IsLinux() ? 40 : 62; // ELOOP

    // O_NONBLOCK, O_CLOEXEC and O_NOFOLLOW; where a 32-bit processor has the latter's number, O_LARGEFILE too.
    private static int Flags => !OperatingSystem.IsLinux() ? 0x4 | 0x1000000 | 0x100
        : 0x800 | 0x80000 | RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.Arm or Architecture.Arm64 => 0x8000 | 0x20000,
            Architecture.Ppc64le => 0x8000,
            _ => 0x20000,
        };

    /// <summary>Opens a file that exists.</summary>
    /// <param name="path">The file.</param>
    /// <param name="access">Reading or writing.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="IOException">It is no regular file, or cannot be opened; or <see cref="UnauthorizedAccessException"/>.</exception>
    public static FileStream Open(string path, FileAccess access)
    {
        var file = OperatingSystem.IsWindows() ? OpenOnWindows(path, access) : new FileStream(OpenHandle(path, access), access, bufferSize: 0);
        if (!file.CanSeek)
        {
            file.Dispose();
            throw Irregular(path);
        }

        return file;
    }

    private static FileStream OpenOnWindows(string path, FileAccess access) => new FileInfo(path).LinkTarget is null
        ? new FileStream(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan)
        : throw Irregular(path);

    private static SafeFileHandle OpenHandle(string path, FileAccess access)
    {
        int descriptor, errno;
        do
        {
            descriptor = Open(path, Flags | (access == FileAccess.Write ? 1 : 0));
            errno = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        while (errno == Interrupted);

        return errno == 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Error(path, errno);
    }

    private static Exception Error(string path, int errno)
    {
        var message = $"'{path}': {Marshal.GetPInvokeErrorMessage(errno)}.";
        return errno switch
        {
            1 or 13 => new UnauthorizedAccessException(message), // EPERM, EACCES
            2 => new FileNotFoundException(message, path), // ENOENT
            20 => new DirectoryNotFoundException(message), // ENOTDIR
            _ => errno == NobodyAtTheOtherEnd || errno == LinksInTheWay ? Irregular(path) : new IOException(message, errno),
        };
    }

    private static IOException Irregular(string path) =>
        new($"'{path}' is a link, a FIFO or a device, and only a regular file is used there: find out who made it, and delete it or put the file back.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
