using System.Text.Json.Serialization;

namespace CdcFlow.Testing;

[JsonSerializable(typeof(string[]))]
internal sealed partial class InMemorySinkJson : JsonSerializerContext;
