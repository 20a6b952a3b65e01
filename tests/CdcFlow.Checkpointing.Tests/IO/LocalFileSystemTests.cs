using System.Diagnostics;
using CdcFlow.Checkpointing.IO;
using CdcFlow.Checkpointing.Stores;
using CdcFlow.Checkpointing.Stores.Files;
using static CdcFlow.Checkpointing.Tests.Manifests;

namespace CdcFlow.Checkpointing.Tests.IO;

/// <summary>The real file system.</summary>
public sealed class LocalFileSystemTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("cdcflow-files-").FullName;
    private readonly LocalFileSystem files = LocalFileSystem.OwnerOnly;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    // File.Exists says "no" of what it cannot look at, and what is only away for a while would count as gone.
    [Fact]
    public void What_cannot_be_looked_at_is_not_taken_for_absent()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It takes a symbolic link that leads to itself.");
        var files = LocalFileSystem.Default;
        File.CreateSymbolicLink(At("loop"), At("loop"));
        Assert.ThrowsAny<IOException>(() => files.Exists(At("loop/file")));
        Assert.ThrowsAny<IOException>(() => files.ListFiles(At("loop/folder")));
        Assert.ThrowsAny<IOException>(() => files.Delete(At("loop/folder/file")));
        Assert.False(files.Exists(At("absent/file")));
        Assert.Empty(files.ListFiles(At("absent")));
        files.Delete(At("absent/file"));

        files.CreateDirectory(At("real"));
        files.Create(At("real/file")).Dispose();
        Directory.CreateSymbolicLink(At("link"), At("real"));
        Assert.True(files.Exists(At("link/file")));
        Assert.False(files.Exists(At("link")));
        Assert.Equal(["file"], files.ListFiles(At("link")));
        files.CreateDirectory(At("link"));
        files.Delete(At("link/file"));
        Assert.Empty(files.ListFiles(At("real")));
    }

    [Fact]
    public void File_is_written_renamed_over_another_and_read()
    {
        Write("a", "old"u8);
        Write("b", "new"u8);
        files.Rename(At("b"), At("a"));
        files.SyncDirectory(directory);
        Assert.Equal("new"u8, files.ReadAllBytes(At("a")));
        Assert.Equal(["a"], files.ListFiles(directory));
    }

    [Fact]
    public void Existing_file_is_not_created_again()
    {
        Write("a", "old"u8);
        Assert.Throws<IOException>(() => files.Create(At("a")));
    }

    [Fact]
    public void Absent_things_are_reported_as_documented()
    {
        Assert.False(files.Exists(At("a")));
        Assert.Empty(files.ListFiles(At("nowhere")));
        Assert.Throws<FileNotFoundException>(() => files.ReadAllBytes(At("a")));
        files.Delete(At("a"));
        files.Delete(At("nowhere/a"));
        Assert.ThrowsAny<IOException>(() => files.SyncDirectory(At("nowhere")));
    }

    [Fact]
    public void Lock_is_exclusive_until_it_is_given_back()
    {
        using (files.TryLock(At("lock")))
        {
            Assert.Null(files.TryLock(At("lock")));
        }

        using var free = files.TryLock(At("lock"));
        Assert.NotNull(free);
    }

    [Fact]
    public async Task Lock_of_a_process_ends_with_it()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/flock"))
        {
            Assert.Skip("Needs Linux and /usr/bin/flock to hold a lock in another process.");
        }

        using var other = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec 9>lock; flock -x 9; echo locked; exec cat"])
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("locked", await other.StandardOutput.ReadLineAsync(CancellationToken.None));
        Assert.Null(files.TryLock(At("lock")));

        other.Kill();
        await other.WaitForExitAsync(CancellationToken.None);
        using var free = files.TryLock(At("lock"));
        Assert.NotNull(free);
    }

    [Fact]
    public void Only_the_owner_may_read_what_is_made()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no permission bits.");
            return;
        }

        files.CreateDirectory(At("store"));
        using var file = files.Create(At("store/a"));
        using var held = files.TryLock(At("store/lock"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(At("store")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("store/a")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("store/lock")));
    }

    [Fact]
    public void Lock_file_is_its_owners_alone_whoever_may_read_the_others()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no permission bits.");
            return;
        }

        foreach (var name in (string[])["new", "found"])
        {
            if (name == "found")
            {
                File.WriteAllText(At(name), "");
                File.SetUnixFileMode(At(name), (UnixFileMode)0b110_110_110);
            }

            using var held = LocalFileSystem.Default.TryLock(At(name));
            Assert.NotNull(held);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At(name)));
        }
    }

    [Fact]
    public void Links_are_neither_read_nor_locked_nor_made_to_lead_anywhere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right of their own on Windows.");
        Write("real", "x"u8);
        File.CreateSymbolicLink(At("link"), At("real"));
        File.CreateSymbolicLink(At("zero"), "/dev/zero");
        File.CreateSymbolicLink(At("dangling"), At("made elsewhere"));
        foreach (var name in (string[])["link", "zero", "dangling"])
        {
            Refused(name);
        }

        Assert.False(File.Exists(At("made elsewhere")));
        Directory.CreateSymbolicLink(At("folder"), directory);
        Assert.Equal("x"u8, files.ReadAllBytes(At("folder/real")));
    }

    [Fact]
    public async Task Fifo_is_refused_and_not_waited_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It takes mkfifo of Linux.");
        using var making = Process.Start("mkfifo", [At("fifo")]);
        await making.WaitForExitAsync(CancellationToken.None);
        Assert.Equal(0, making.ExitCode);
        Refused("fifo");

        // With somebody at the other end it opens, and is none the better for it.
        using var other = new FileStream(At("fifo"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Refused("fifo");
    }

    [Fact]
    public async Task Store_works_on_it()
    {
        var store = new FileCheckpointStore("orders", At("state/orders"), files, new ManualTime());
        await using (var lease = await store.AcquireAsync(LeaseHolder.Current(), CancellationToken.None))
        {
            await lease.WriteAsync(Manifest(Ref(1)), CancellationToken.None);
            await lease.RenewAsync(CancellationToken.None);
            await lease.WriteAsync(Manifest(Ref(2)), CancellationToken.None);
            await lease.DeleteAsync(Ref(1), CancellationToken.None);
            var held = await Assert.ThrowsAsync<CdcFlowException>(async () => await store.AcquireAsync(LeaseHolder.Current(), CancellationToken.None));
            Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", held.Message, StringComparison.Ordinal);
        }

        await using var successor = await store.AcquireAsync(LeaseHolder.Current(), CancellationToken.None);
        Assert.Equal(2, successor.Epoch.Value);
        Assert.Equal([Ref(2)], await store.ListAsync(CancellationToken.None));
        Assert.IsType<ReadableCheckpoint>(await store.LoadAsync(Ref(2), CancellationToken.None));
    }

    private void Refused(string name)
    {
        foreach (var opening in (Func<object?>[])[() => files.ReadAllBytes(At(name)), () => files.OpenRead(At(name)), () => files.TryLock(At(name))])
        {
            var error = Assert.ThrowsAny<IOException>(opening);
            Assert.Contains($"'{At(name)}' is a link, a FIFO or a device, and only a regular file is used there", error.Message, StringComparison.Ordinal);
        }
    }

    private string At(string name) => Path.Combine(directory, name);

    private void Write(string name, ReadOnlySpan<byte> bytes)
    {
        using var file = files.Create(At(name));
        file.Write(bytes);
        file.Sync();
        Assert.Equal(bytes.Length, file.Length);
    }
}
