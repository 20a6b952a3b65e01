using CdcFlow.Kafka.Client.Native;

namespace CdcFlow.Kafka.Tests;

public sealed class NativeLibraryTests
{
    [Fact]
    public void Library_that_does_not_load_is_an_error_that_says_what_to_install()
    {
        Exception[] refusals = [new DllNotFoundException(), new BadImageFormatException(), new EntryPointNotFoundException()];
        foreach (var refusal in refusals)
        {
            var error = Assert.Throws<CdcFlowException>(() => NativeLibraryCheck.Require(() => throw refusal));
            Assert.Equal("CDCF5217", error.Code);
            Assert.Same(refusal, error.InnerException);
            Assert.Contains("librdkafka.redist", error.Mend, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Library_that_loads_is_no_error() => NativeLibraryCheck.Require(() => 1);
}
