namespace CdcFlow.Kafka.Client.Native;

/// <summary>An error as librdkafka tells it.</summary>
/// <param name="Code">What.</param>
/// <param name="Text">Its sentence, without a full stop.</param>
/// <param name="IsFatal">Whether the client is over.</param>
/// <param name="IsRetriable">Whether the same call again may go well.</param>
/// <param name="RequiresAbort">Whether the transaction can only be aborted.</param>
internal readonly record struct NativeError(ErrorCode Code, string Text, bool IsFatal = false, bool IsRetriable = false, bool RequiresAbort = false)
{
    /// <summary>Its name in the protocol, as in <c>TOPIC_ALREADY_EXISTS</c>.</summary>
    public unsafe string Name => Librdkafka.Text(Librdkafka.Name(Code));

    /// <summary>The error for a bare code; null for none.</summary>
    public static unsafe NativeError? Of(ErrorCode code, byte* text = null) => code == ErrorCode.None
        ? null
        : new(code, Sentence(text is null ? Librdkafka.Describe(code) : text));

    /// <summary>Reads and frees an error object; null for none.</summary>
    public static unsafe NativeError? Take(Error* error)
    {
        var taken = Read(error);
        if (error is not null)
        {
            Librdkafka.ErrorDestroy(error);
        }

        return taken;
    }

    /// <summary>Reads an error object that belongs to somebody else; null for none.</summary>
    public static unsafe NativeError? Read(Error* error) => error is null || Librdkafka.CodeOf(error) == ErrorCode.None
        ? null
        : new(
            Librdkafka.CodeOf(error), Sentence(Librdkafka.TextOf(error)),
            Librdkafka.IsFatal(error) != 0, Librdkafka.IsRetriable(error) != 0, Librdkafka.RequiresAbort(error) != 0);

    private static unsafe string Sentence(byte* text) => Librdkafka.Text(text).TrimEnd('.', ' ', '\n');
}
