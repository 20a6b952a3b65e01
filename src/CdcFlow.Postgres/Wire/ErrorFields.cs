using System.Text;

namespace CdcFlow.Postgres.Wire;

/// <summary>The fields of an ErrorResponse that this client uses
/// (<see href="https://www.postgresql.org/docs/current/protocol-error-fields.html"/>).</summary>
internal readonly record struct ErrorFields(string Severity, string SqlState, string Message, string? Hint)
{
    internal static ErrorFields Parse(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        string severity = "ERROR", sqlState = "XX000", message = "(no message)";
        string? hint = null;
        for (var field = reader.ReadByte(); field != 0; field = reader.ReadByte())
        {
            var value = Encoding.UTF8.GetString(reader.ReadCString());
            switch ((char)field)
            {
                case 'S': severity = value; break;
                case 'C': sqlState = value; break;
                case 'M': message = value; break;
                case 'H': hint = value; break;
                default: break; // Detail, position and file names: not shown.
            }
        }

        return new ErrorFields(severity, sqlState, message, hint);
    }
}
