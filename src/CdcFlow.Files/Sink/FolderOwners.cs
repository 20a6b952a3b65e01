using CdcFlow.Checkpoints;
using CdcFlow.Configuration;
using CdcFlow.Sinks;

namespace CdcFlow.Files.Sink;

/// <summary>Whose the folders of a connection are: its own, and each that a sink writes to. Any of them may be a disk of its own, or be shared with another store's instance.</summary>
internal sealed class FolderOwners(ConnectorContext context, string root)
{
    private readonly List<(OwnerFile File, string Place)> sinks = [];
    private OwnerFile? own;
    private FileSinkOptions? first;
    private Ownership? written;

    private OwnerFile Own => own ?? throw new InvalidOperationException("The connection has no sink.");

    private IEnumerable<OwnerFile> All => [.. sinks.Select(sink => sink.File), Own];

    /// <summary>Adds a sink's folder.</summary>
    public void Add(FileSinkOptions options)
    {
        own ??= new OwnerFile(context, root, options);
        first ??= options;
        if (All.All(file => Full(file.Folder) != Full(options.Folder)))
        {
            sinks.Add((new OwnerFile(context, options.Folder, options), options.Place));
        }
    }

    /// <summary>What the folders say; null where none says anything.</summary>
    public SinkMarker? Read()
    {
        var own = Own.Read();
        var found = sinks.Select(sink => (sink.Place, sink.File.Folder, Says: sink.File.Read())).ToList();
        if ((own ?? found.Find(folder => folder.Says is not null).Says) is not { } first)
        {
            return null;
        }

        var folders = found.Select(folder => folder.Says).OfType<Ownership>().Append(first).ToList();
        var vanished = own is null ? root : found.Find(folder => folder.Says is null && own.Folders.Contains(folder.Place)).Folder;
        return Marker(folders.Where(folder => folder.Store == first.Store)) with
        {
            Before = first.Before,
            Vanished = vanished is null ? null : $"folder '{vanished}'",
            Elsewhere = folders.Find(folder => folder.Store != first.Store) is { } other ? Marker(folders.Where(folder => folder.Store == other.Store)) : null,
        };
    }

    /// <summary>Makes this instance the owner of all folders, or of none.</summary>
    /// <returns>What readers find there from before a reset; null: nothing.</returns>
    /// <exception cref="CdcFlowException">Another store's instance, or a newer one, has one of them.</exception>
    public CheckpointRef? Take(SinkOpenContext open)
    {
        var locks = new List<IDisposable>();
        try
        {
            foreach (var file in All)
            {
                locks.Add(file.Lock());
            }

            foreach (var file in All)
            {
                RefuseOther(file, open);
            }

            written = new Ownership(open.Store, open.Epoch, context.Time.GetUtcNow(), Guid.NewGuid(), Folders: []);
            foreach (var (file, _) in sinks)
            {
                file.Write(written);
            }

            // Last, since it says which others there must be.
            var before = Own.Read()?.Before;
            Own.Write(written with { Folders = [.. sinks.Select(sink => sink.Place)], Before = before });
            Require(open);
            return before;
        }
        finally
        {
            locks.ForEach(held => held.Dispose());
        }
    }

    /// <summary>Makes sure that every folder is still there, and that nobody has opened it since, before anything is made of what was staged.</summary>
    /// <exception cref="CdcFlowException">It is gone, or another instance has it.</exception>
    public void Require(SinkOpenContext open)
    {
        foreach (var file in All)
        {
            var found = file.Read() is { Store: not null } says ? says : throw FileErrors.Vanished(context.Connection, file.Folder);
            if (found.Store != open.Store)
            {
                throw FileErrors.TakenOver(context.Connection, file.Folder, found);
            }

            if (found.Opening != written?.Opening)
            {
                throw FileErrors.OpenedSince(context.Connection, file.Folder, found);
            }
        }
    }

    /// <summary>The connection's own file.</summary>
    public string Location => Own.Location;

    /// <summary>Says that the folders are nobody's, where the connection's own is not another store's by now.</summary>
    /// <param name="store">Who gives them up.</param>
    /// <param name="before">What readers find there; null: nothing, and nothing needs to be said.</param>
    public void Disown(StoreId? store, CheckpointRef? before)
    {
        // A folder without the file is left alone. What is found is looked at again under the locks: another store may be about to open it.
        var found = All.Where(file => (file == Own && before is not null) || file.Read() is not null).Concat(Former(store)).ToList();
        var given = found.Where(file => file != Own || before is null).ToList();
        var locks = new List<IDisposable>();
        try
        {
            found.ForEach(file => locks.Add(file.Lock()));
            RequireNobodyElse(store, [.. All, .. found]);
            var last = Own.Read();
            given.ForEach(file => file.Delete());
            if (before is { } past)
            {
                Own.Write(new Ownership(Store: null, last?.Epoch ?? past.Epoch, context.Time.GetUtcNow(), Guid.NewGuid(), Folders: []) { Before = before });
            }
        }
        finally
        {
            locks.ForEach(held => held.Dispose());
        }

        given.ForEach(file => file.DeleteLock());
    }

    /// <exception cref="CdcFlowException">A folder is another store's.</exception>
    public void RequireNobodyElse(StoreId? store) => RequireNobodyElse(store, All);

    private void RequireNobodyElse(StoreId? store, IEnumerable<OwnerFile> folders)
    {
        foreach (var file in folders)
        {
            if (file.Read() is { Store: { } owner } found && owner != store)
            {
                throw FileErrors.TakenOver(context.Connection, file.Folder, found);
            }
        }
    }

    // Folders of sinks that the pipeline had at its last opening, and has no longer: a sink that is put back there would find the old store.
    private List<OwnerFile> Former(StoreId? store) =>
    [
        .. (Own.Read()?.Folders ?? []).Select(place => Path.Combine(root, place)).Where(folder => All.All(file => Full(file.Folder) != Full(folder)))
            .Select(folder => new OwnerFile(context, folder, first!)).Where(file => store is not null && file.Read()?.Store == store),
    ];

    private void RefuseOther(OwnerFile file, SinkOpenContext open)
    {
        switch (file.Read())
        {
            case { Store: { } owner } found when owner != open.Store && owner != open.Replaces:
                throw FileErrors.TakenOver(context.Connection, file.Folder, found);
            case { } found when found.Store == open.Store && found.Epoch > open.Epoch:
                throw FileErrors.OpenedSince(context.Connection, file.Folder, found);
        }
    }

    // A crash between two folders leaves one of them with the epoch before.
    private static SinkMarker Marker(IEnumerable<Ownership> folders)
    {
        var newest = folders.MaxBy(folder => folder.Epoch)!;
        return new SinkMarker(newest.Store, newest.Epoch, Checkpoint: null) { WrittenAt = newest.OpenedAt };
    }

    private static string Full(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
}
