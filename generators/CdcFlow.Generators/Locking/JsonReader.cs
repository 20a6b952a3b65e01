using System.Globalization;
using System.Text;

namespace CdcFlow.Generators.Locking;

/// <summary>Reads JSON, strictly, and knows the lines. The compiler's process has no JSON library that an analyzer may count on.</summary>
internal sealed class JsonReader
{
    private const int DepthMax = 32;

    private readonly string json;
    private int at;
    private int line = 1;
    private int depth;

    private JsonReader(string json) => this.json = json;

    /// <exception cref="LockFormatException">It is no JSON.</exception>
    public static JsonNode Read(string json)
    {
        var reader = new JsonReader(json);
        var node = reader.Value();
        reader.SkipSpace();
        return reader.at == json.Length ? node : throw reader.Unexpected("the end");
    }

    private JsonNode Value()
    {
        SkipSpace();
        var start = line;
        if (at == json.Length)
        {
            throw Unexpected("a value");
        }

        return new JsonNode(start, json[at] switch
        {
            '{' => Nested('}', Member),
            '[' => Nested(']', Value),
            '"' => Text(),
            _ => Word(),
        });
    }

    private List<T> Nested<T>(char end, Func<T> read)
    {
        if (++depth > DepthMax)
        {
            throw new LockFormatException(line, "it is nested too deeply");
        }

        var items = new List<T>();
        at++;
        SkipSpace();
        if (!Take(end))
        {
            do
            {
                items.Add(read());
                SkipSpace();
            }
            while (Take(','));
            Require(end);
        }

        depth--;
        return items;
    }

    private KeyValuePair<string, JsonNode> Member()
    {
        SkipSpace();
        if (at == json.Length || json[at] != '"')
        {
            throw Unexpected("a name in double quotes");
        }

        var name = Text();
        SkipSpace();
        Require(':');
        return new KeyValuePair<string, JsonNode>(name, Value());
    }

    private string Text()
    {
        var text = new StringBuilder();
        for (at++; at < json.Length && json[at] >= ' '; at++)
        {
            if (Take('"'))
            {
                return text.ToString();
            }

            text.Append(json[at] == '\\' ? Escaped() : json[at]);
        }

        throw Unexpected("the text's closing quote");
    }

    /// <summary>The escaped letter; leaves its last character to be passed.</summary>
    private char Escaped()
    {
        at++;
        var letter = at < json.Length ? json[at] : ' ';
        if (letter == 'u' && Code() is { } code)
        {
            at += 4;
            return code;
        }

        return "\"\\/bfnrt".IndexOf(letter) is >= 0 and var index ? "\"\\/\b\f\n\r\t"[index] : throw Unexpected("an escaped letter");
    }

    private char? Code()
    {
        var digits = Enumerable.Range(at + 1, 4).Where(index => index < json.Length && Uri.IsHexDigit(json[index])).Select(index => Uri.FromHex(json[index])).ToList();
        return digits.Count == 4 ? (char)digits.Aggregate(0, (code, digit) => (code * 16) + digit) : null;
    }

    private object? Word()
    {
        var start = at;
        while (at < json.Length && (char.IsLetterOrDigit(json[at]) || json[at] is '-' or '+' or '.'))
        {
            at++;
        }

        var word = json.Substring(start, at - start);
        switch (word)
        {
            case "true":
                return true;
            case "false":
                return false;
            case "null":
                return null;
        }

        if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        at = start;
        throw Unexpected("a value");
    }

    private void SkipSpace()
    {
        for (; at < json.Length && (json[at] is ' ' or '\t' or '\r' or '\n' or '\uFEFF'); at++)
        {
            line += json[at] == '\n' ? 1 : 0;
        }
    }

    private bool Take(char letter)
    {
        var isThere = at < json.Length && json[at] == letter;
        at += isThere ? 1 : 0;
        return isThere;
    }

    private void Require(char letter)
    {
        if (!Take(letter))
        {
            throw Unexpected($"'{letter}'");
        }
    }

    private LockFormatException Unexpected(string wanted) =>
        new(line, at >= json.Length ? $"{wanted} is missing: the file ends" : $"{wanted} is missing before '{json[at]}'");
}
