using CdcFlow.Configuration;
using CdcFlow.Formats;

namespace CdcFlow.Files.Sink;

/// <summary>One file sink's settings: its attribute with the configuration laid over it.</summary>
/// <param name="Name">The sink's name.</param>
/// <param name="Root">The connection's folder; the sink's own where that is elsewhere.</param>
/// <param name="Folder">Where readers look.</param>
/// <param name="Format">What is written.</param>
/// <param name="RollBytes">The size at which a file ends.</param>
/// <param name="RollInterval">The age at which a file ends; zero ends it with its checkpoint.</param>
/// <param name="Permissions">Of new files; null for what the user's settings give.</param>
/// <param name="OnLostFile">What to do about a staged file that is gone or damaged.</param>
/// <param name="OnError">What becomes of a change that has no form in the format.</param>
/// <param name="Text">Names of fields.</param>
internal sealed record FileSinkOptions(
    string Name, string Root, string Folder, FileFormat Format, long RollBytes, TimeSpan RollInterval, UnixFileMode? Permissions, OnLostFile OnLostFile, OnError OnError, TextFormatOptions Text)
{
    private const int MostOctal = 0b111_111_111;

    /// <summary>Of folders that are made for the files: who may read a file may also enter.</summary>
    public UnixFileMode? FolderPermissions => Permissions is { } mode ? mode | (UnixFileMode)(((int)mode & 0b100_100_100) >> 2) : null;

    /// <summary>Where its files are: below the connection's folder, or a path of its own.</summary>
    public string Place => Folder == Root ? Folder : Path.GetRelativePath(Root, Folder);

    /// <summary>The settings that decide what its files say, and where they are below the connection's folder.</summary>
    public IReadOnlyDictionary<string, string> Content => new Dictionary<string, string>
    {
        [nameof(Folder)] = Place,
        [nameof(Format)] = Format.ToString(),
        [nameof(Text.Naming)] = Text.Naming.ToString(),
        [nameof(Text.OperationField)] = Text.OperationField,
        [nameof(Text.MetadataField)] = Text.MetadataField,
    };

    public static FileSinkOptions Resolve(FileSinkAttribute attribute, string name, string root, ConnectorSettings settings)
    {
        var folder = settings.GetString(nameof(FileSinkAttribute.Folder), attribute.Folder) ?? FileNames.Safe(name);
        if (!FileFolder.IsPath(folder))
        {
            throw FileErrors.NotAFolder($"The setting {nameof(FileSinkAttribute.Folder)} of sink '{name}'");
        }

        return new FileSinkOptions(
            name,
            Path.IsPathRooted(folder) ? folder : root,
            Path.Combine(root, folder),
            settings.GetEnum(nameof(FileSinkAttribute.Format), attribute.Format),
            settings.GetInt64(nameof(FileSinkAttribute.RollBytes), attribute.RollBytes, min: 1),
            TimeSpan.FromSeconds(settings.GetInt32(nameof(FileSinkAttribute.RollIntervalSeconds), attribute.RollIntervalSeconds, min: 0)),
            PermissionsOf(name, settings.GetString(nameof(FileSinkAttribute.Permissions), attribute.Permissions)),
            settings.GetEnum(nameof(FileSinkAttribute.OnLostFile), attribute.OnLostFile),
            settings.GetEnum(nameof(FileSinkAttribute.OnError), attribute.OnError),
            new TextFormatOptions
            {
                Naming = settings.GetEnum(nameof(FileSinkAttribute.Naming), attribute.Naming),
                OperationField = settings.GetString(nameof(FileSinkAttribute.OperationField), attribute.OperationField)!,
                MetadataField = settings.GetString(nameof(FileSinkAttribute.MetadataField), attribute.MetadataField)!,
            });
    }

    private static UnixFileMode? PermissionsOf(string sink, string? text) => text is null ? null
        : text.Length is 3 or 4 && !text.AsSpan().ContainsAnyExceptInRange('0', '7') && Convert.ToInt32(text, 8) <= MostOctal && !OperatingSystem.IsWindows()
            ? (UnixFileMode)Convert.ToInt32(text, 8)
            : throw FileErrors.NoPermissions(sink, text);
}
