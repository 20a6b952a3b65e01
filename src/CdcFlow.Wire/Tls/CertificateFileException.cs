namespace CdcFlow.Wire;

/// <summary>A file that TLS needs cannot be read. The connector gives it its code.</summary>
/// <param name="file">The file's name.</param>
/// <param name="cause">What the operating system or the decoder says.</param>
internal sealed class CertificateFileException(string file, Exception cause)
    : Exception($"The certificate file '{file}' cannot be read: {cause.Message.TrimEnd('.')}.", cause);
