"""What of a page one cannot see whole, press or read: scripts that list it, run by a window of `browser.py`."""

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A page that hides what is too wide for it shows no bar to scroll by, and what is pressed there is out of reach.
OUT_OF_REACH = """() => [...document.querySelectorAll('a, button, input, select, textarea, h1, h2')].filter((one) => {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.closest('.hidden')) return false
    const { left, right, width } = one.getBoundingClientRect()
    return width > 1 && (left < -1 || right > document.documentElement.clientWidth + 1)
}).map((one) => one.outerHTML.slice(0, 200))"""
# For a thumb 44 px, of which one of several words in a row may be some narrower; for a chip 24. A link within a text
# is as large as its words.
TOO_SMALL = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary')].filter((one) => {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.closest('.hidden, .skip')) return false
    const { width, height } = (one.closest('label, .input-group') ?? one).getBoundingClientRect()
    const isWord = one.localName === 'a' && getComputedStyle(one).display === 'inline'
    const least = isWord ? 0 : one.matches('.chip') ? 24 : 43.5
    return width > 1 && (width < least * .85 || height < least)
}).map((one) => one.outerHTML.slice(0, 200))"""
# Words of more letters are names, which may be longer than any button is wide.
BROKEN_WORDS = """() => [...document.querySelectorAll('button, a.button')].flatMap((one) => {
    if (!one.checkVisibility({ visibilityProperty: true })) return []
    const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT), broken = []
    while (texts.nextNode()) {
        for (const { 0: word, index } of texts.currentNode.data.matchAll(/\\b\\w{2,16}\\b/g)) {
            const range = document.createRange()
            range.setStart(texts.currentNode, index)
            range.setEnd(texts.currentNode, index + word.length)
            const tops = [...range.getClientRects()].map(({ top }) => top)
            if (Math.max(...tops) - Math.min(...tops) > 4) broken.push(word)
        }
    }
    return broken
})"""
# Of a dot between two phrases something stands to either side; what never breaks has it so.
DANGLING = """() => {
    const dots = []
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
        const node = texts.currentNode
        if (node.parentElement.closest('.hidden, .clip, .abreast, .speech, .said, script')) continue
        for (const { index } of node.data.matchAll(/·/g)) {
            const range = document.createRange()
            range.setStart(node, index)
            range.setEnd(node, index + 1)
            dots.push([node.parentElement, range.getBoundingClientRect()])
        }
    }
    for (const dot of document.querySelectorAll('.apart')) dots.push([dot, dot.getBoundingClientRect()])
    const wrong = []
    for (const [parent, dot] of dots.filter(([, { width }]) => width > 0)) {
        let line = parent
        while (getComputedStyle(line).display === 'inline' || line.textContent.trim() === '·') line = line.parentElement
        const range = document.createRange(), middle = (dot.top + dot.bottom) / 2
        range.selectNodeContents(line)
        const beside = [...range.getClientRects()].filter(({ top, bottom }) => top < middle && middle < bottom)
        const isBefore = beside.some(({ left }) => left < dot.left - 1)
        const isAfter = beside.some(({ right }) => right > dot.right + 1)
        if (!isBefore || !isAfter) wrong.push(line.textContent.trim().slice(0, 200))
    }
    return wrong
}"""
