namespace CdcFlow.Formats.Debezium.Values;

/// <summary>Money out of a server's text, whose signs, groups and point are its locale's: <c>$1,234.56</c>, <c>-1.234,56 €</c>, <c>($0.05)</c>.</summary>
internal static class MoneyText
{
    private const string Separators = ".,'’ \u00a0\u202f";
    private const int MostLetters = 28; // no more digits than a decimal holds

    /// <summary>Appends the amount.</summary>
    /// <returns>False for what is no amount, and for one of which cannot be told where its point is (<c>1,234</c> may have three digits behind it).</returns>
    public static bool TryAppend(ByteBuffer output, ValueForm form, int scale, ReadOnlySpan<char> text)
    {
        var isRead = TryRead(text, out var value);
        if (isRead)
        {
            DecimalValue.Append(output, form, scale, value);
        }

        return isRead;
    }

    private static bool TryRead(ReadOnlySpan<char> text, out decimal value)
    {
        value = 0;
        var first = text.IndexOfAnyInRange('0', '9');
        if (first < 0)
        {
            return false;
        }

        var amount = text[first..(text.LastIndexOfAnyInRange('0', '9') + 1)];
        var point = amount.LastIndexOfAnyExceptInRange('0', '9');
        var isWhole = point < 0 || amount[..point].Contains(amount[point]); // groups are many, the point is one
        if (amount.Length > MostLetters || !AreGroups(isWhole ? amount : amount[..point]) || (!isWhole && (amount.Length - point != 3 || !Separators.Contains(amount[point]))))
        {
            return false;
        }

        foreach (var letter in amount)
        {
            value = char.IsAsciiDigit(letter) ? (value * 10) + (letter - '0') : value;
        }

        value *= (isWhole ? 1m : 0.01m) * (text.IndexOfAny('-', '(') >= 0 ? -1 : 1);
        return true;
    }

    // Of three digits, or of two as in India, but for the first.
    private static bool AreGroups(ReadOnlySpan<char> digits)
    {
        for (var separator = digits.LastIndexOfAnyExceptInRange('0', '9'); separator >= 0; separator = digits.LastIndexOfAnyExceptInRange('0', '9'))
        {
            if (!Separators.Contains(digits[separator]) || digits.Length - separator is not (3 or 4))
            {
                return false;
            }

            digits = digits[..separator];
        }

        return true;
    }
}
