using System.Runtime.InteropServices;

namespace CdcFlow.Hosting.Configuration;

/// <summary>Who may write a folder, as far as the platform says.</summary>
/// <param name="Mode">Its mode.</param>
/// <param name="Owner">The user that owns it; null: not known.</param>
/// <param name="User">The user of this process.</param>
/// <param name="KeepsModes">Whether <c>chmod</c> has an effect: some network shares show one mode for all that they hold.</param>
internal sealed partial record FolderFacts(UnixFileMode Mode, uint? Owner, uint User, bool KeepsModes)
{
    private const int AtWorkingDirectory = -100;
    private const uint OwnerMask = 8;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Whether the process may change the mode.</summary>
    public bool IsOurs => KeepsModes && (User == 0 || Owner is null || Owner == User);

    /// <summary>Whether it is another user's, whom nothing keeps from writing it. The machine's administrator is none.</summary>
    public bool IsForeign => Owner is { } owner && owner != 0 && owner != User;

    /// <summary>Looks at a folder; null where there is none, or the platform has no modes.</summary>
    public static FolderFacts? Of(string directory)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(directory))
        {
            return null;
        }

        var mode = File.GetUnixFileMode(directory);
        return new FolderFacts(mode, OwnerOf(directory), EffectiveUser(), !mode.HasFlag(UnixFileMode.OtherWrite) || KeepsMode(Path.Combine(directory, $".mode-{Guid.NewGuid():n}")));
    }

    private static bool KeepsMode(string probe)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        try
        {
            Directory.CreateDirectory(probe, OwnerOnly);
            var kept = File.GetUnixFileMode(probe);
            Directory.Delete(probe);
            return !kept.HasFlag(UnixFileMode.OtherWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true; // what keeps this process from writing is found by other checks
        }
    }

    /// <summary>Linux has a call whose answer is laid out alike on every processor.</summary>
    private static uint? OwnerOf(string directory) =>
        OperatingSystem.IsLinux() && StatX(AtWorkingDirectory, directory, 0, OwnerMask, out var facts) == 0 && (facts.Mask & OwnerMask) != 0 ? facts.Owner : null;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, out Facts facts);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Facts
    {
        [FieldOffset(0)]
        public uint Mask;

        [FieldOffset(20)]
        public uint Owner;
    }
}
