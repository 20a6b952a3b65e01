namespace CdcFlow.Files;

/// <summary>What an instance does about a file that its predecessor has staged and that is gone, or does not hold what it held.</summary>
public enum OnLostFile
{
    /// <summary>It stops, with <c>CDCF5104</c> or <c>CDCF5105</c>, and nothing is lost by it.</summary>
    Stop,

    /// <summary>It goes on without the file, whose changes no reader will see, and says so with <c>CDCF5110</c>. A damaged one is kept beside the
    /// others with the ending <c>.damaged</c>.</summary>
    Skip,
}
