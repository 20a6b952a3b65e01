using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CdcFlow.Checkpointing.IO;

/// <summary>An exclusive lock on a file, which ends with the process: an flock on Unix, a share mode on Windows.</summary>
/// <remarks>A descriptor for reading is enough to take an flock, so that the file is its owner's alone: whoever may read it could keep all others out.</remarks>
internal sealed partial class LocalLock : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int Exclusive = 2;
    private const int DoNotWait = 4;
    private const int Release = 8;
    private const int MadeMeanwhile = 17; // EEXIST
    private const int AttemptsMax = 10;

    private readonly FileStream file;

    private LocalLock(FileStream file) => this.file = file;

    // EWOULDBLOCK
    private static int Taken => OperatingSystem.IsLinux() || OperatingSystem.IsAndroid() ? 11 : 35;

    /// <summary>Takes it; null when another has it.</summary>
    /// <exception cref="IOException">What is there is no regular file, or cannot be opened; or <see cref="UnauthorizedAccessException"/>.</exception>
    public static IDisposable? TryTake(string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return OperatingSystem.IsWindows() || !Exists(path) ? Make(path) : TryTakeFound(path);
            }
            catch (IOException error) when (IsTaken(error))
            {
                return null;
            }
            catch (IOException error) when (attempt < AttemptsMax && (error is FileNotFoundException || error.HResult == MadeMeanwhile))
            {
                // Deleted or made by another between the look and the opening.
            }
        }
    }

    public void Dispose()
    {
        // A child that is being started has a copy of the descriptor for a moment, which would keep the lock.
        _ = FLock(file.SafeFileHandle, Release);
        file.Dispose();
    }

    private static bool Exists(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
            return true;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    // FileShare.None is the lock.
    private static FileStream Make(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (OperatingSystem.IsWindows())
        {
            options.Mode = new FileInfo(path).LinkTarget is null ? FileMode.OpenOrCreate : FileMode.CreateNew;
        }
        else
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    private static LocalLock? TryTakeFound(string path)
    {
        var file = RegularFile.Open(path, FileAccess.Write);
        if (FLock(file.SafeFileHandle, Exclusive | DoNotWait) != 0 && Marshal.GetLastPInvokeError() == Taken)
        {
            file.Dispose();
            return null;
        }

        // A file system without locks leaves it at that, as it does where FileShare.None is asked for.
        Restrict(file.SafeFileHandle);
        return new LocalLock(file);
    }

    // Earlier versions made it as readable as the files beside it.
    private static void Restrict(SafeFileHandle handle)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(handle) != OwnerOnly)
            {
                File.SetUnixFileMode(handle, OwnerOnly);
            }
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's file: the lock is held all the same, and only its owner can narrow it.
        }
    }

    // Windows: ERROR_SHARING_VIOLATION.
    private static bool IsTaken(IOException error) => error.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : Taken);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);
}
