using CdcFlow.Formats.Connect;

namespace CdcFlow.Formats.Debezium.Types;

/// <summary>Texts with a meaning, and the structs that some of them are turned into. What no other family knows is plain text.</summary>
internal static class TextTypes
{
    public const string EnumName = "io.debezium.data.Enum";

    private static readonly ConnectSchema point = new(ConnectType.Struct)
    {
        Name = "io.debezium.data.geometry.Point",
        Version = 1,
        Doc = "Geometry (POINT)",
        Fields =
        [
            new("x", new(ConnectType.Float64)), new("y", new(ConnectType.Float64)),
            new("wkb", new(ConnectType.Bytes) { IsOptional = true }), new("srid", new(ConnectType.Int32) { IsOptional = true }),
        ],
    };

    public static DebeziumType Find(ServerType type) => type.Name switch
    {
        "uuid" => new(ConnectType.String, ValueForm.Text, "io.debezium.data.Uuid"),
        "json" or "jsonb" => new(ConnectType.String, ValueForm.Text, "io.debezium.data.Json"),
        "hstore" => new(ConnectType.String, ValueForm.HstoreJson, "io.debezium.data.Json"),
        "xml" => new(ConnectType.String, ValueForm.Text, "io.debezium.data.Xml"),
        "ltree" => new(ConnectType.String, ValueForm.Text, "io.debezium.data.Ltree"),
        "tsvector" => new(ConnectType.String, ValueForm.Text, "io.debezium.data.Tsvector"),
        "enum" => Enum(type.Arguments),
        "point" => new(point, ValueForm.Point),
        _ => new(ConnectType.String, ValueForm.Text),
    };

    private static DebeziumType Enum(IReadOnlyList<string> labels) => new(
        new ConnectSchema(ConnectType.String) { Name = EnumName, Version = 1, Parameters = [("allowed", string.Join(',', labels))] },
        ValueForm.Text);
}
