namespace CdcFlow.Postgres.Source.Tests;

/// <summary>A row written last, to know that everything before it has come.</summary>
internal static class Mark
{
    private const long Id = 99999;

    /// <summary>Reads until a row that is written now has come, and the snapshot is over.</summary>
    internal static async Task ReadToMarkAsync(this SourceHarness<Item, ItemCodec> source, TestDatabase database)
    {
        await database.ExecuteAsync($"INSERT INTO item VALUES ({Id}, 'mark', 1)");
        await source.ReadUntilAsync(() => source.HasWholeSnapshot && source.Changes.Exists(change => change.After?.Id == Id));
    }
}
