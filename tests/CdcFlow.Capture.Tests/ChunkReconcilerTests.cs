namespace CdcFlow.Capture.Tests;

public class ChunkReconcilerTests
{
    private readonly ChunkReconciler<string, string> table = new(null);

    [Fact]
    public void Change_of_a_chunk_that_was_only_planned_is_dropped()
    {
        table.Plan(new ChunkKey("5"));
        Assert.Equal(ChangeRoute.Drop, table.Route(boundsBelow: 0, out _));
        Assert.Equal(ChangeRoute.Drop, table.Route(boundsBelow: 1, out _));
    }

    [Fact]
    public void Chunk_waits_for_its_high_watermark_and_for_the_chunks_before_it()
    {
        var first = table.Plan(new ChunkKey("5"));
        var second = table.Plan(null);
        table.Start(first);
        table.Start(second);
        table.Complete(second, "second", new SeenSet([]), high: 10);
        Assert.Null(table.TryEmit(delivered: 100));

        table.Complete(first, "first", new SeenSet([]), high: 200);
        Assert.Null(table.TryEmit(delivered: 199));
        Assert.Equal("first", table.TryEmit(delivered: 200)?.Rows);
        Assert.Equal(new ChunkKey("5"), table.Frontier);
        Assert.Equal("second", table.TryEmit(delivered: 200)?.Rows);
        Assert.True(table.IsComplete);
        Assert.Equal(ChangeRoute.Emit, table.Route(boundsBelow: 0, out _));
    }

    [Fact]
    public void Split_chunk_is_planned_anew_and_its_window_is_gone()
    {
        var chunk = table.Plan(new ChunkKey("9"));
        table.Start(chunk);
        Assert.Equal(ChangeRoute.Hold, table.Route(0, out var holder));
        holder!.Hold(7, "change");

        table.Split(chunk, new ChunkKey("4"));

        Assert.Equal([new ChunkKey("4"), new ChunkKey("9")], table.Bounds);
        Assert.All(table.Chunks, part => Assert.Equal((ChunkPhase.Planned, 0), (part.Phase, part.Held)));
        Assert.Equal(new ChunkRange(new ChunkKey("4"), new ChunkKey("9")), table.Chunks[1].Range);
    }

    [Fact]
    public void Truncate_that_the_snapshot_does_not_show_takes_the_rows_away()
    {
        var chunk = table.Plan(null);
        table.Start(chunk);
        table.Route(0, out var holder);
        holder!.Hold(1, "before");
        table.Truncate(2);
        holder.Hold(3, "after");
        table.Complete(chunk, "rows", new SeenSet([]), high: 0);

        var emission = table.TryEmit(0);
        Assert.True(emission!.IsEmptied);
        Assert.Equal(["after"], emission.Changes);
    }
}
