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
/// <param name="Text">Names of fields.</param>
internal sealed record FileSinkOptions(
    string Name, string Root, string Folder, FileFormat Format, long RollBytes, TimeSpan RollInterval, TextFormatOptions Text)
{
    public static FileSinkOptions Resolve(FileSinkAttribute attribute, string name, string root, ConnectorSettings settings)
    {
        var folder = settings.GetString(nameof(FileSinkAttribute.Folder), attribute.Folder) ?? FileNames.Safe(name);
        return new FileSinkOptions(
            name,
            Path.IsPathRooted(folder) ? folder : root,
            Path.Combine(root, folder),
            settings.GetEnum(nameof(FileSinkAttribute.Format), attribute.Format),
            settings.GetInt64(nameof(FileSinkAttribute.RollBytes), attribute.RollBytes, min: 1),
            TimeSpan.FromSeconds(settings.GetInt32(nameof(FileSinkAttribute.RollIntervalSeconds), attribute.RollIntervalSeconds, min: 0)),
            new TextFormatOptions
            {
                Naming = settings.GetEnum(nameof(FileSinkAttribute.Naming), attribute.Naming),
                OperationField = settings.GetString(nameof(FileSinkAttribute.OperationField), attribute.OperationField)!,
                MetadataField = settings.GetString(nameof(FileSinkAttribute.MetadataField), attribute.MetadataField)!,
            });
    }
}
