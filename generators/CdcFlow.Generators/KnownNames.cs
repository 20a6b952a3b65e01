namespace CdcFlow.Generators;

/// <summary>Metadata names of the types that the generator looks for. A test compares those of CdcFlow with the types themselves.</summary>
internal static class KnownNames
{
    public const string CdcPipeline = "CdcFlow.CdcPipelineAttribute";
    public const string CdcSource = "CdcFlow.CdcSourceAttribute";
    public const string Node = "CdcFlow.NodeAttribute";
    public const string Filter = "CdcFlow.FilterAttribute";
    public const string Route = "CdcFlow.RouteAttribute";
    public const string Transform = "CdcFlow.TransformAttribute";
    public const string Sink = "CdcFlow.SinkAttribute";
    public const string NodeId = "CdcFlow.NodeIdAttribute";
    public const string Discard = "CdcFlow.DiscardAttribute";
    public const string SinkCapabilities = "CdcFlow.SinkCapabilitiesAttribute";
    public const string SourceCapabilities = "CdcFlow.SourceCapabilitiesAttribute";
    public const string ConnectionSetting = "CdcFlow.ConnectionSettingAttribute";
    public const string Changes = "CdcFlow.Changes`1";
    public const string Change = "CdcFlow.Change`1";
    public const string ChangeMetadata = "CdcFlow.ChangeMetadata";
    public const string ColumnConverterAttribute = "CdcFlow.Rows.ColumnConverterAttribute`1";
    public const string ColumnConverter = "CdcFlow.Rows.IColumnConverter`2";

    public const string Table = "System.ComponentModel.DataAnnotations.Schema.TableAttribute";
    public const string Column = "System.ComponentModel.DataAnnotations.Schema.ColumnAttribute";
    public const string NotMapped = "System.ComponentModel.DataAnnotations.Schema.NotMappedAttribute";
    public const string Key = "System.ComponentModel.DataAnnotations.KeyAttribute";
    public const string InverseProperty = "System.ComponentModel.DataAnnotations.Schema.InversePropertyAttribute";
    public const string ComplexType = "System.ComponentModel.DataAnnotations.Schema.ComplexTypeAttribute";

    public const string ForeignKey = "System.ComponentModel.DataAnnotations.Schema.ForeignKeyAttribute";
    public const string Timestamp = "System.ComponentModel.DataAnnotations.TimestampAttribute";

    public const string BitArray = "System.Collections.BitArray";
    public const string JsonDocument = "System.Text.Json.JsonDocument";
    public const string JsonNode = "System.Text.Json.Nodes.JsonNode";

    public const string PgName = "NpgsqlTypes.PgNameAttribute";
    public const string EnumMember = "System.Runtime.Serialization.EnumMemberAttribute";
    public const string JsonMemberName = "System.Text.Json.Serialization.JsonStringEnumMemberNameAttribute";

    public const string PrimaryKey = "Microsoft.EntityFrameworkCore.PrimaryKeyAttribute";
    public const string Keyless = "Microsoft.EntityFrameworkCore.KeylessAttribute";
    public const string Owned = "Microsoft.EntityFrameworkCore.OwnedAttribute";
}
