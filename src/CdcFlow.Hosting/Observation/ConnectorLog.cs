using CdcFlow.Configuration;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting.Observation;

/// <summary>What connectors report, as lines of the pipeline's log.</summary>
internal sealed class ConnectorLog(ILogger log) : IConnectorLog
{
    public void Information(string message) => Log.Connector(log, message);

    public void Warning(string code, string message) => Log.ConnectorWarning(log, code, message);
}
