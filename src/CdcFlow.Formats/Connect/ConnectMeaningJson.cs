using System.Text.Json;

namespace CdcFlow.Formats.Connect;

/// <summary>What Confluent's converters add to a schema of another language for all types alike: the version and the parameters of its meaning.</summary>
internal static class ConnectMeaningJson
{
    public static void Write(Utf8JsonWriter json, ConnectSchema connect)
    {
        if (connect.Version is { } version)
        {
            json.WriteNumber("connect.version", version);
        }

        if (connect.Parameters.Count > 0)
        {
            json.WriteStartObject("connect.parameters");
            foreach (var (name, value) in connect.Parameters)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }
    }
}
