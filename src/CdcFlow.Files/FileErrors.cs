using CdcFlow.Files.Sink;

namespace CdcFlow.Files;

/// <summary>The run-time error codes of the file sink.</summary>
public static class FileErrors
{
    /// <summary>The disk is full.</summary>
    public const string DiskFull = "CDCF5101";

    /// <summary>The process may not write in the folder.</summary>
    public const string PermissionDenied = "CDCF5102";

    /// <summary>The file system failed.</summary>
    public const string FileSystemFailed = "CDCF5103";

    /// <summary>A staged file is gone, and its target does not exist.</summary>
    public const string StagedFileMissing = "CDCF5104";

    /// <summary>A staged file does not hold what its checkpoint says.</summary>
    public const string StagedFileDiffers = "CDCF5105";

    /// <summary>A file of the name to publish exists and holds something else.</summary>
    public const string TargetDiffers = "CDCF5106";

    /// <summary>A checkpoint names staged files that this sink cannot find its way to.</summary>
    public const string UnknownCommittable = "CDCF5107";

    /// <summary>The connection does not name a folder.</summary>
    public const string FolderInvalid = "CDCF5108";

    /// <summary>Standard output cannot be written to.</summary>
    public const string OutputClosed = "CDCF5109";

    /// <summary>Not an error: a staged file was lost, and the sink was told to go on without it.</summary>
    public const string LostFileSkipped = "CDCF5110";

    /// <summary>A path is longer than the platform can have.</summary>
    public const string PathTooLong = "CDCF5111";

    /// <summary>Another instance opens the folder at this moment.</summary>
    public const string FolderBeingOpened = "CDCF5116";

    /// <summary>Another instance of the same checkpoint store, or of a copy of it, has opened the folder since.</summary>
    public const string FolderOpenedSince = "CDCF5117";

    /// <summary>Not an error: a line among the rejected changes is none.</summary>
    public const string RejectUnreadable = "CDCF5118";

    /// <summary>The folder's file that says whose it is, is gone: the folder was emptied or replaced, or its disk is not mounted.</summary>
    public const string FolderVanished = "CDCF3032";

    /// <summary>The folder's file that says whose it is, is damaged.</summary>
    public const string OwnerUnreadable = "CDCF3033";

    /// <summary>An instance of another checkpoint store has taken the folder over.</summary>
    public const string FolderTakenOver = "CDCF3035";

    private const int LinuxDiskFull = 28;
    private const int LinuxQuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether <see cref="Of"/> has a code for the error.</summary>
    internal static bool Covers(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>The coded form of what the file system said.</summary>
    internal static CdcFlowException Of(Exception error, string sink, string folder) => error switch
    {
        UnauthorizedAccessException => new CdcFlowException(
            PermissionDenied, $"Sink '{sink}' may not write in '{folder}'.",
            "Give the user that the pipeline runs as the right to create, rename and delete files there.", ErrorDomain.User, inner: error),
        IOException { HResult: LinuxDiskFull or LinuxQuotaExceeded or WindowsDiskFull } => new CdcFlowException(
            DiskFull, $"The disk under '{folder}' of sink '{sink}' is full.",
            "Make room; the pipeline goes on by itself from its last checkpoint and loses nothing.", ErrorDomain.External, isTransient: true, inner: error)
        {
            IsWaitedOut = true,
        },
        PathTooLongException => new CdcFlowException(
            PathTooLong, $"'{folder}' of sink '{sink}' is a longer path than this machine can have: {error.Message}",
            "Set the sink's Folder, or its connection's, to a shorter path.", ErrorDomain.User, inner: error),
        _ => new CdcFlowException(
            FileSystemFailed, $"Sink '{sink}' could not write in '{folder}': {error.Message}",
            "Fix the file system; the pipeline goes on from its last checkpoint.", ErrorDomain.External, isTransient: true, inner: error),
    };

    internal static CdcFlowException Missing(string pipeline, string sink, string staged, string target) => new(
        StagedFileMissing, $"Sink '{sink}' was to publish '{staged}' as '{target}', and neither exists: someone has moved or deleted them, or their disk is not mounted.",
        $"Mount the disk, or bring one of the two back; or go on without its changes: CdcFlow:{pipeline}:Sinks:{sink}:OnLostFile=Skip.", ErrorDomain.External);

    internal static CdcFlowException Differs(string pipeline, string sink, string staged, string found) => new(
        StagedFileDiffers, $"Sink '{sink}' was to publish '{staged}', but {found}: the disk has lost or changed data that it had promised to keep.",
        $"Check the disk and its mount options, bring the file back from a backup, or go on without its changes: CdcFlow:{pipeline}:Sinks:{sink}:OnLostFile=Skip.", ErrorDomain.External);

    /// <summary>Whether a staged file is lost, so that another attempt finds the same.</summary>
    internal static bool IsLoss(CdcFlowException error) => error.Code is StagedFileMissing or StagedFileDiffers;

    internal static string Skipped(string sink, string target, CdcFlowException error) =>
        $"{error.Happened} Sink '{sink}' goes on without '{target}', as OnLostFile=Skip says: readers of its files will not see those changes. Take the setting away when it has made its next checkpoint.";

    internal static string NoReject(string path, long line) =>
        $"{RejectUnreadable}: Line {line} of '{path}' is no rejected change: it was altered, or the disk has lost a part of it. Bring the file back from a backup, or take the line out of it.";

    internal static CdcFlowException Occupied(string sink, string target) => new(
        TargetDiffers, $"Sink '{sink}' was to publish '{target}', but a file of that name exists and holds something else.",
        "Two pipelines write to one folder, or the checkpoint store was emptied: move the file away, or give the sink a folder of its own before it has written.");

    internal static CdcFlowException Vanished(string connection, string folder) => new(
        FolderVanished, $"Folder '{folder}' of sink connection '{connection}' no longer says that it is this pipeline's: it was emptied or replaced, or its disk is not mounted.",
        "Mount the disk, or bring the folder back with its hidden files, and start again; the next start says how to go on without it.", ErrorDomain.External);

    internal static CdcFlowException OwnerDamaged(string path) => new(
        OwnerUnreadable, $"'{path}' does not say whose the folder is.",
        "Bring the file back from a backup; or see that no other instance writes to the folder, and delete it, so that the next start makes it anew.", ErrorDomain.External);

    internal static CdcFlowException TakenOver(string connection, string folder, Ownership owner) => new(
        FolderTakenOver, $"Folder '{folder}' of sink connection '{connection}' belongs to checkpoint store {owner.Store} by now, whose instance (epoch {owner.Epoch}) has taken it over.",
        "Let this instance end: the other carries on. If it was a mistake, `takeover` makes this instance's store the owner again.", ErrorDomain.External)
    { IsFenced = true, FencedBy = owner.Epoch };

    internal static CdcFlowException BeingOpened(string connection, string folder, string file) => new(
        FolderBeingOpened, $"Folder '{folder}' of sink connection '{connection}' is being opened by another instance at this moment, or another process holds '{file}'.",
        "Nothing is to be done at first: the pipeline tries again; a command is to be given again. Only one instance may run: if both are yours, stop one. "
        + $"If it stays so, `fuser -v {ShellWord(file)}` (Linux) names the process that has the file open: end it; or, where no instance of the pipeline runs, delete the file: the next start makes it anew, for its own user alone.",
        ErrorDomain.External, isTransient: true);

    internal static CdcFlowException OpenedSince(string connection, string folder, Ownership other) => new(
        FolderOpenedSince, $"Folder '{folder}' of sink connection '{connection}' was opened since, at {other.OpenedAt:u}, by another instance (epoch {other.Epoch}) of the same checkpoint store or of a copy of it.",
        "Let this instance end: the other carries on. If this one is to carry on, stop the other, and start this one again; where its store is the older copy, the start says how.", ErrorDomain.External)
    { IsFenced = true, FencedBy = other.Epoch };

    internal static CdcFlowException Unknown(string what) => new(
        UnknownCommittable, $"The checkpoint names files that cannot be published: {what}.",
        "Put the sink back under its name and Folder and let the pipeline stop in good order once, before it is removed, renamed or moved.");

    internal static CdcFlowException NoFolder(string connection) => new(
        ErrorCodes.ConfigurationMissing, $"The folder of file sink connection '{connection}' is not configured.",
        $"Set ConnectionStrings:{connection} to a folder's path.");

    internal static CdcFlowException Closed(Exception inner) => new(
        OutputClosed, "Standard output cannot be written to: whoever read it has ended.", "Start the reader and the pipeline again.", ErrorDomain.External, inner: inner);

    internal static CdcFlowException NewerCommittable() => new(
        UnknownCommittable, "The checkpoint names files that were staged by another version of CdcFlow.",
        "Run that version until it has stopped in good order once, then this one.");

    internal static CdcFlowException NoPermissions(string sink, string text) => new(
        ErrorCodes.ConfigurationValue, $"The setting Permissions of sink '{sink}' is '{text}', which is no Unix file mode, or there are none on this platform.",
        "Write three octal digits, as in 640, or leave it out.");

    /// <param name="what">Where it is configured. What is configured may hold a password.</param>
    internal static CdcFlowException NotAFolder(string what) => new(
        FolderInvalid, $"{what} is no folder's path.", "Write the path of a folder of this machine and nothing else: /data/out, or file:///data/out for a connection.");

    private static string ShellWord(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
