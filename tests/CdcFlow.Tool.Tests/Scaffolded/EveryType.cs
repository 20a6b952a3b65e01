// Written by `cdcflow scaffold`; yours to change. Leave out what you do not need: only columns that a property names are read.
// A value that its type cannot hold (an infinite date, more than 28 digits) stops the pipeline, which names it; a string holds every value.
using System;
using System.Collections.Generic;
using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using System.Net;
using CdcFlow.Postgres;

namespace CdcFlow.Tool.Tests.Scaffolded;

/// <summary>A row of <c>public.events</c>.</summary>
/// <remarks>The table has no key: its log carries the whole old row.</remarks>
[Table("events")]
public sealed record Event(
    [property: Column("id")] long? IdValue,
    [property: Column("event_id")] int? EventIdValue,
    string? What);

/// <summary>A row of <c>public.every_type</c>.</summary>
[Table("every_type")]
public sealed record EveryType(
    [property: Key] short Part,
    [property: Key] long Id,
    [property: Column("customer id")] int CustomerId,
    int HTTPStatus,
    [property: Column("every_type")] string? EveryTypeValue,
    bool ABoolean,
    bool ABit,
    string? SomeBits,
    uint? AnOid,
    ulong? AnXid8,
    float AReal,
    double? ADouble,
    decimal ANumeric,
    PostgresNumeric? AWideNumeric,
    decimal? APrice,
    decimal? SomeMoney,
    string SomeText,
    string? AVarchar,
    string? SomeJson,
    string? SomeXml,
    string? APoint,
    string? APair,
    byte[] SomeBytes,
    Guid? AUuid,
    Mood AMood,
    Mood AFeeling,
    string? AnOddity,
    DateOnly ADate,
    TimeOnly? ATime,
    PostgresTimeTz? ATimetz,
    DateTime? ATimestamp,
    DateTimeOffset ATimestamptz,
    PostgresInterval? AnInterval,
    IPAddress? AnAddress,
    IPNetwork? ANetwork,
    string? ACard,
    Dictionary<string, string?>? ADictionary,
    int?[] SomeInts,
    string?[]? SomeTexts,
    byte[]?[]? SomeBlobs,
    string?[]? SomeMoods,
    string? AMatrix,
    string?[]? SomeAddresses,
    PostgresRange<int>? ARange,
    PostgresRange<DateTimeOffset>? ATimeRange,
    string?[]? SomeRanges);

/// <summary>A row of <c>sales.categories</c>.</summary>
[Table("categories", Schema = "sales")]
public sealed record Category(
    [property: Key] int Id,
    [property: Column("clone")] string CloneValue);

/// <summary>The labels of <c>public.mood</c>.</summary>
public enum Mood
{
    Sad,
    SoSo,
    Happy,
}
