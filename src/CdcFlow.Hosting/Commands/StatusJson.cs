using System.Text.Json;
using CdcFlow.Checkpoints;
using CdcFlow.Runtime;
using CdcFlow.Sources;

namespace CdcFlow.Hosting.Commands;

/// <summary>How pipelines stand, for programs: members are only ever added. Pure.</summary>
internal static class StatusJson
{
    /// <summary>An array with an object for each pipeline.</summary>
    public static string Of(IReadOnlyList<NamedStanding> all) => JsonText.Write(json =>
    {
        json.WriteStartArray();
        foreach (var named in all)
        {
            Write(json, named);
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, NamedStanding named)
    {
        json.WriteStartObject();
        json.WriteString("pipeline", named.Pipeline);
        json.WriteString("at", named.At);
        json.WriteBoolean("isWhole", named.Standing.IsWhole);
        json.WriteStartObject("store");
        Store(json, named);
        json.WriteEndObject();
        json.WriteStartArray("sources");
        foreach (var (connection, source) in named.Standing.Sources)
        {
            Source(json, connection, source);
        }

        json.WriteEndArray();
        json.WriteStartArray("sinks");
        foreach (var sink in named.Standing.Sinks)
        {
            Sink(json, sink);
        }

        json.WriteEndArray();
        json.WriteStartArray("start");
        foreach (var check in named.Standing.Start)
        {
            PreflightText.Write(json, named.Pipeline, check);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Store(Utf8JsonWriter json, NamedStanding named)
    {
        var store = named.Standing.Store;
        json.WriteString("directory", named.Directory);
        json.WriteString("id", store.Id?.ToString());
        if (store.Lease is { } lease)
        {
            json.WriteStartObject("lease");
            json.WriteString("hold", Camel(lease.Hold));
            json.WriteNumber("epoch", lease.Epoch.Value);
            json.WriteString("machine", lease.Holder?.Machine);
            Number(json, "processId", lease.Holder?.ProcessId);
            Time(json, "processStarted", lease.Holder?.ProcessStarted);
            Time(json, "expiresAt", lease.ExpiresAt);
            json.WriteEndObject();
        }

        if (store.Newest is { } newest)
        {
            json.WriteStartObject("checkpoint");
            Reference(json, newest.Checkpoint);
            json.WriteString("createdAt", newest.Manifest.CreatedAt);
            Number(json, "ageSeconds", (long)Math.Max(0, (named.At - newest.Manifest.CreatedAt).TotalSeconds));
            Number(json, "bytes", newest.Bytes);
            json.WriteEndObject();
        }

        Failure(json, store.Failure);
    }

    private static void Source(Utf8JsonWriter json, string connection, SourceStanding source)
    {
        json.WriteStartObject();
        json.WriteString("connection", connection);
        json.WriteString("position", source.Position);
        json.WriteString("head", source.Head);
        json.WriteString("confirmed", source.Confirmed);
        Number(json, "lagBytes", source.LagBytes);
        Number(json, "retainedBytes", source.RetainedBytes);
        if (source.IsRead is { } isRead)
        {
            json.WriteBoolean("isRead", isRead);
        }

        json.WriteStartObject("details");
        foreach (var (name, value) in source.Details)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteStartArray("tables");
        foreach (var table in source.Tables)
        {
            json.WriteStartObject();
            json.WriteString("table", table.Table.ToString());
            json.WriteBoolean("isComplete", table.IsComplete);
            json.WriteNumber("rows", table.Rows);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Failure(json, source.Failure);
        json.WriteEndObject();
    }

    private static void Sink(Utf8JsonWriter json, SinkStanding sink)
    {
        json.WriteStartObject();
        json.WriteString("connection", sink.Connection);
        json.WriteString("kind", Camel(sink.Kind));
        json.WriteString("standing", sink.Standing is { } standing ? Camel(standing) : null);
        json.WriteString("owner", sink.Marker?.Store?.ToString());
        Number(json, "ownerEpoch", sink.Marker?.Epoch.Value);
        json.WriteString("holder", sink.Marker?.Holder);
        if (sink.Marker?.Checkpoint is { } checkpoint)
        {
            json.WriteStartObject("committed");
            Reference(json, checkpoint);
            json.WriteEndObject();
        }

        Number(json, "rejects", sink.Rejects);
        Failure(json, sink.Failure);
        json.WriteEndObject();
    }

    private static void Reference(Utf8JsonWriter json, CheckpointRef checkpoint)
    {
        json.WriteNumber("id", checkpoint.Id.Value);
        json.WriteNumber("epoch", checkpoint.Epoch.Value);
    }

    private static void Failure(Utf8JsonWriter json, CdcFlowException? failure)
    {
        if (failure is not null)
        {
            json.WriteStartObject("notKnown");
            json.WriteString("code", failure.Code);
            json.WriteString("sentence", failure.Happened);
            json.WriteString("fix", failure.Fix);
            json.WriteEndObject();
        }
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Time(Utf8JsonWriter json, string name, DateTimeOffset? value)
    {
        if (value is { } known)
        {
            json.WriteString(name, known);
        }
    }

    private static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
