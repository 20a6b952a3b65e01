namespace CdcFlow.Files.Sink;

/// <summary>Work on a sink's folder: what the file system says is coded.</summary>
internal static class FileWork
{
    public static TResult Do<TResult>(FileSinkOptions sink, string folder, Func<TResult> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (FileErrors.Covers(error))
        {
            throw FileErrors.Of(error, sink.Name, folder);
        }
    }

    public static void Do(FileSinkOptions sink, string folder, Action work) => Do(sink, folder, () =>
    {
        work();
        return true;
    });
}
