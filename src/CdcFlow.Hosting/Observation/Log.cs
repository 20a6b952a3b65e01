using CdcFlow.Checkpoints;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting.Observation;

/// <summary>Every line that the host logs. Event ids are stable: 10xx life, 11xx checkpoints, 12xx connectors, 13xx progress.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Pipeline {Pipeline} goes on from checkpoint {Checkpoint} (epoch {Epoch})")]
    public static partial void Restored(ILogger log, string pipeline, CheckpointRef checkpoint, Epoch epoch);

    [LoggerMessage(1002, LogLevel.Information, "Pipeline {Pipeline} starts afresh (epoch {Epoch})")]
    public static partial void StartedAfresh(ILogger log, string pipeline, Epoch epoch);

    [LoggerMessage(1003, LogLevel.Warning, "Pipeline {Pipeline} failed and starts again in {Pause}: {Error}")]
    public static partial void Restarting(ILogger log, string pipeline, TimeSpan pause, string error);

    [LoggerMessage(1004, LogLevel.Information, "Pipeline {Pipeline} has ended; last checkpoint of this run: {Checkpoint}")]
    public static partial void Ended(ILogger log, string pipeline, string checkpoint);

    [LoggerMessage(1005, LogLevel.Error, "Pipeline {Pipeline} failed: {Error}")]
    public static partial void Failed(ILogger log, string pipeline, string error);

    [LoggerMessage(1006, LogLevel.Warning, "Pipeline {Pipeline}: something failed while a failed attempt was taken down: {Error}")]
    public static partial void TeardownFailed(ILogger log, string pipeline, string error);

    [LoggerMessage(1007, LogLevel.Warning, "{Code}: Pipeline {Pipeline} keeps its checkpoints in {Directory}, because Checkpoint:Store is not set; that is for development only")]
    public static partial void StoreByDefault(ILogger log, string code, string pipeline, string directory);

    [LoggerMessage(1008, LogLevel.Warning, "Pipeline {Pipeline} was stopped while it waited to start again, without a final checkpoint; the next start goes on from the last one. It had failed: {Error}")]
    public static partial void StoppedInPause(ILogger log, string pipeline, string error);

    [LoggerMessage(1009, LogLevel.Warning, "{Code}: Pipeline {Pipeline} has changed since checkpoint {Checkpoint} was made; it goes on from there, and what was delivered before stays as it is")]
    public static partial void GraphChanged(ILogger log, string code, string pipeline, CheckpointRef checkpoint);

    [LoggerMessage(1010, LogLevel.Warning, "{Code}: {Held} It is waited for, {WaitMax} at most")]
    public static partial void WaitingForLease(ILogger log, string code, string held, TimeSpan waitMax);

    [LoggerMessage(1011, LogLevel.Warning, "Pipeline {Pipeline} waits for what is away since {Since:yyyy-MM-dd HH:mm:ss}Z, {WaitMax} at most, and tries again meanwhile: {Error}")]
    public static partial void Waiting(ILogger log, string pipeline, DateTime since, TimeSpan waitMax, string error);

    [LoggerMessage(1012, LogLevel.Warning, "{Code}: Progress could not be shown: {Error}")]
    public static partial void DisplayFailed(ILogger log, string code, string error);

    /// <summary>The only line with an exception of foreign origin: its message may quote a row.</summary>
    [LoggerMessage(1013, LogLevel.Debug, "The fault of pipeline {Pipeline} in full")]
    public static partial void FaultInFull(ILogger log, string pipeline, Exception fault);

    [LoggerMessage(1014, LogLevel.Error, "Pipeline {Pipeline} has failed; the other pipelines of this host go on")]
    public static partial void OthersGoOn(ILogger log, string pipeline);

    [LoggerMessage(1015, LogLevel.Information, "Pipeline {Pipeline}: {Note}")]
    public static partial void Noted(ILogger log, string pipeline, string note);

    [LoggerMessage(1016, LogLevel.Warning, "{Code}: The markers of {Connections} name no checkpoint store, as version 0.1 wrote none; from now on they belong to the store of pipeline {Pipeline}, {Store}, and a start with another store is refused")]
    public static partial void SinksAdopted(ILogger log, string code, string pipeline, string connections, StoreId store);

    [LoggerMessage(1017, LogLevel.Warning, "Source {Source} skips by order, from {From} to {To}, in checkpoint {Checkpoint}: {What}")]
    public static partial void Skipped(ILogger log, string source, string from, string to, string checkpoint, string what);

    [LoggerMessage(1101, LogLevel.Debug, "Checkpoint {Checkpoint} is committed after {Duration}; {StateBytes} bytes of state")]
    public static partial void CheckpointCommitted(ILogger log, CheckpointRef checkpoint, TimeSpan duration, long stateBytes);

    [LoggerMessage(1102, LogLevel.Warning, "Checkpoint {Checkpoint} was given up after {Duration}: not every sink had prepared; the next one covers its writes")]
    public static partial void CheckpointAborted(ILogger log, CheckpointRef checkpoint, TimeSpan duration);

    [LoggerMessage(1201, LogLevel.Information, "{Message}")]
    public static partial void Connector(ILogger log, string message);

    [LoggerMessage(1202, LogLevel.Warning, "{Code}: {Message}")]
    public static partial void ConnectorWarning(ILogger log, string code, string message);

    [LoggerMessage(1203, LogLevel.Warning, "{Code}: {Subject}: {Sentence} {Fix}")]
    public static partial void PreflightWarning(ILogger log, string? code, string subject, string sentence, string? fix);

    [LoggerMessage(1204, LogLevel.Warning, "{Code}: '{Node}' has set {Rejected} changes aside and skipped {Skipped} since it was last said. The last: {Cause}{WhatStays}")]
    public static partial void ChangesRejected(ILogger log, string code, string node, long rejected, long skipped, string cause, string whatStays);

    [LoggerMessage(1301, LogLevel.Information, "{Source}: snapshot of {Table}: {Rows} rows{Share}")]
    public static partial void SnapshotProgress(ILogger log, string source, TableId table, long rows, string share);

    [LoggerMessage(1302, LogLevel.Information, "{Source}: snapshot of {Table} is complete: {Rows} rows")]
    public static partial void SnapshotComplete(ILogger log, string source, TableId table, long rows);

    [LoggerMessage(1303, LogLevel.Information, "{Source}: streaming at {Position}, {Lag} behind")]
    public static partial void Streaming(ILogger log, string source, string position, string lag);
}
