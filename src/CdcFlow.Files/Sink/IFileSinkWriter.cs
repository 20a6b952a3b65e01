using CdcFlow.Checkpoints;

namespace CdcFlow.Files.Sink;

/// <summary>What a connection asks of each of its sinks, whatever their row type.</summary>
internal interface IFileSinkWriter : IDisposable
{
    FileSinkOptions Options { get; }

    /// <summary>The newest checkpoint that has published a file here; null when none has.</summary>
    CheckpointRef? Marker();

    void Open(Epoch epoch);

    /// <summary>Nothing more will be written.</summary>
    void EndInput();

    IReadOnlyList<StagedFile> Prepare(CheckpointRef checkpoint);

    /// <summary>Publishes what the last <see cref="Prepare"/> returned.</summary>
    void CommitPrepared(IReadOnlyList<StagedFile> staged);

    /// <summary>Publishes what another process prepared.</summary>
    void CommitLeftBehind(IReadOnlyList<StagedFile> staged);
}
